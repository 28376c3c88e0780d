import { networkInterfaces } from 'node:os';
import { renderUnicodeCompact } from 'uqr';
import { buildUpTo } from '../build/build-up-to.ts';
import { requireDataFolder } from '../local-platform/data-folder.ts';
import { startPlatform } from '../local-platform/local-platform.ts';
import { INTERRUPTED, interruptSignal, whenAborted } from '../terminal/interrupt.ts';
import { UsageError } from '../terminal/usage-error.ts';

export interface StartOptions {
  readonly port: number;
  readonly lan: boolean;
  readonly https: boolean;
  readonly folder: string;
  readonly host: readonly string[];
}

/** Serves until Ctrl-C. */
export async function start({ port, lan, https, folder, host: names }: StartOptions): Promise<void> {
  const address = lan ? requireLanAddress() : null;
  await requireDataFolder(folder);
  await buildUpTo('worker');
  const signal = interruptSignal();
  const host = lan ? '0.0.0.0' : '127.0.0.1';
  const inviteName = names[0] ?? address ?? undefined;
  const platform = await startPlatform({ folder, port, https, host, names, inviteName, pages: true }).catch(
    unlessEnded(signal),
  );
  if (!platform) return;
  if (platform.takenOver !== null) console.log(platform.takenOver);
  if (platform.isTightened)
    console.log(`Other users of this machine could look into ${folder}. From now on only you can.`);
  console.log(`Homeroom is up: ${platform.origin}`);
  if (address !== null) tellNeighbours(platform.origin, address);
  console.log(`Runs, weights and data are kept in ${folder}. Ctrl-C stops the platform; nothing is lost.`);
  await whenAborted(signal);
  await platform.stop();
}

/** A Ctrl-C ends workerd too, so a platform that is just starting fails of it. */
const unlessEnded =
  (signal: AbortSignal) =>
  (error: unknown): null => {
    if (!signal.aborted) throw error;
    process.exitCode = INTERRUPTED;
    return null;
  };

/** Before anything is started: nothing would stop it again. */
function requireLanAddress(): string {
  const [address] = lanAddresses();
  if (!address) throw new UsageError('this machine has no address in a local network: start without --lan');
  return address;
}

function tellNeighbours(origin: string, address: string): void {
  const url = origin.replace('127.0.0.1', address);
  console.log(`\nFor other devices in this network: ${url}\n${renderUnicodeCompact(url)}`);
}

/** Networks between this machine and programs on it: no other device is there. */
const isVirtual = (name: string): boolean => /^(docker|br-|veth|virbr|vmnet|vboxnet|podman|cni)/.test(name);

/** Those of virtual networks come last. */
const lanAddresses = (): string[] =>
  Object.entries(networkInterfaces())
    .toSorted(([a], [b]) => Number(isVirtual(a)) - Number(isVirtual(b)))
    .flatMap(([, list]) =>
      (list ?? []).flatMap(({ family, internal, address }) =>
        family === 'IPv4' && !internal ? address : [],
      ),
    );
