import { join } from 'node:path';
import type { Command } from 'commander';
import type { StartOptions } from '../actions/start.ts';
import { packageRoot } from '../package-root.ts';
import { integerFlag } from './flags.ts';

const DEFAULT_PORT = 8787;

export const startCommand = (command: Command): Command =>
  command
    .option('--port <n>', 'port to listen on, 0 for any free one', integerFlag(0, 65_535), DEFAULT_PORT)
    .option('--lan', 'let other devices of this network in, and print the address and its QR code', false)
    .option(
      '--https',
      'serve with a self-signed certificate: other devices train on WebGPU only over https',
      false,
    )
    .option(
      '--folder <dir>',
      'the folder that keeps runs, weights and data',
      join(packageRoot, '.homeroom', 'platform'),
    )
    .action(async (options: StartOptions) => (await import('../actions/start.ts')).start(options));
