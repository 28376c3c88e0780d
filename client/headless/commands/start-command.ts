import { type Command, InvalidArgumentError } from 'commander';
import type { StartOptions } from '../actions/start.ts';
import { platformFolder } from '../package-root.ts';
import { integerFlag, pathFlag } from './flags.ts';

const DEFAULT_PORT = 8787;

export const startCommand = (command: Command): Command =>
  command
    .option('--port <n>', 'the port to listen on; 0: any free one', integerFlag(0, 65_535), DEFAULT_PORT)
    .option('--lan', 'let other devices of this network in, and print the address and its QR code', false)
    .option(
      '--https',
      'serve with a self-signed certificate: other devices train on WebGPU only over https',
      false,
    )
    .option(
      '--host <name>',
      'another name by which browsers call this platform, such as class.example; with https:// and its port if a proxy stands before it. The flag may be given several times',
      readHost,
      [],
    )
    .option('--folder <dir>', 'the folder that keeps runs, weights and data', pathFlag, platformFolder)
    .action(async (options: StartOptions) => (await import('../actions/start.ts')).start(options));

/** A name as a browser writes it, or an origin. */
function readHost(text: string, before: readonly string[]): string[] {
  const url = /^https?:\/\//.test(text) ? text : `http://${text}`;
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const isBare = parsed !== null && `${parsed.origin}/` === parsed.href;
  if (isBare && (url === text || parsed.port === ''))
    return [...before, url === text ? parsed.origin : parsed.hostname];
  throw new InvalidArgumentError(
    'It takes a name such as class.example, or an origin such as https://class.example.',
  );
}
