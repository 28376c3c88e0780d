import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { renderUnicodeCompact } from 'uqr';
import { startPlatform } from '../local-platform/local-platform.ts';
import { packageRoot } from '../package-root.ts';
import { interruptSignal, whenAborted } from '../terminal/interrupt.ts';
import { UsageError } from '../terminal/usage-error.ts';
import { integerFlag } from './flags.ts';

interface StartOptions {
  readonly port: number;
  readonly lan: boolean;
  readonly https: boolean;
  readonly folder: string;
}

const DEFAULT_PORT = 8787;

export const startCommand = (): Command =>
  new Command('start')
    .description('the platform for people: a page to create, join and watch runs')
    .option('--port <n>', 'port to listen on, 0 for any free one', integerFlag(0, 65_535), DEFAULT_PORT)
    .option('--lan', 'let other devices of this network in, and print the address and its QR code', false)
    .option(
      '--https',
      'serve with a self-signed certificate: other devices train on WebGPU only over https',
      false,
    )
    .option(
      '--folder <dir>',
      'where runs, weights and data are kept',
      join(packageRoot, '.homeroom', 'platform'),
    )
    .action(start);

async function start({ port, lan, https, folder }: StartOptions): Promise<void> {
  const signal = interruptSignal();
  const platform = await startPlatform({
    folder,
    port,
    https,
    host: lan ? '0.0.0.0' : '127.0.0.1',
    pages: true,
  });
  console.log(`Homeroom is up: ${platform.origin}`);
  if (lan) tellNeighbours(platform.origin);
  console.log(`Runs, weights and data are kept in ${folder}. Ctrl-C stops it; nothing is lost.`);
  await whenAborted(signal);
  await platform.stop();
}

function tellNeighbours(origin: string): void {
  const [address] = lanAddresses();
  if (!address) throw new UsageError('this machine has no address in a local network: start without --lan');
  const url = origin.replace('localhost', address);
  console.log(`\nFor other devices in this network: ${url}\n${renderUnicodeCompact(url)}`);
}

const lanAddresses = (): string[] =>
  Object.values(networkInterfaces()).flatMap(list =>
    (list ?? []).flatMap(({ family, internal, address }) => (family === 'IPv4' && !internal ? address : [])),
  );
