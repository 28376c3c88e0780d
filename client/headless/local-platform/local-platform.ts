import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Miniflare, MiniflareOptions } from 'miniflare';
import { packageRoot } from '../package-root.ts';
import { UsageError } from '../terminal/usage-error.ts';
import {
  codeOf,
  DEPLOYMENT_KEY,
  openDataFolder,
  readSecret,
  storageOptions,
  TOKEN_SECRET,
} from './data-folder.ts';
import { describeHolder } from './describe-holder.ts';
import { doorOptions, everythingToTheWorker, frontModule, PAGES, portOf } from './doors.ts';
import { endingWithUs } from './end-with-parent.ts';
import { type OwnedFolder, ownFolder } from './folder-owner.ts';
import { holdPages } from './held-pages.ts';
import { ownNames } from './own-names.ts';
import type { WorkerDescription } from './worker-description.ts';

const builtWorker = join(packageRoot, 'dist/worker/index.js');
const workerDescription = join(packageRoot, 'dist/worker/description.json');
const webFolder = join(packageRoot, 'dist/web');

/**
 * By this name the pages are seen on this machine: it is what the platform listens on. `localhost` may mean another address,
 * where another program listens.
 */
const LOOPBACK = '127.0.0.1';

export interface PlatformOptions {
  /** R2, D1 and the objects' SQLite are kept here. The folder is made if it is not there. */
  readonly folder: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** 127.0.0.1, or 0.0.0.0 for a class in the same network. */
  readonly host?: string;
  /** A name or an origin by which other devices come. Left out if none do. */
  readonly inviteName?: string | undefined;
  /** More names, or whole origins, by which the platform is called, beside those of this machine. */
  readonly names?: readonly string[];
  /** Serve https with a self-signed certificate. */
  readonly https?: boolean;
  /** Serve the pages too. Nobody looks at them in the demo. */
  readonly pages: boolean;
  /** Where the pages were built. Left out: where `npm run build` builds them. */
  readonly builtPages?: string;
  /** Settings that differ from those of a laptop, for example closed creation. */
  readonly bindings?: Readonly<Record<string, string>>;
  /** A Worker to run in place of the built one. */
  readonly script?: string;
  /** As on an account without R2: what it would hold lies in objects. */
  readonly withoutR2?: boolean;
  /** Where V8's inspector listens. There is none if it is left out. */
  readonly inspectorPort?: number;
}

export interface Platform {
  readonly origin: string;
  /** In words for people, if the last platform on this folder has ended without stopping. */
  readonly takenOver: string | null;
  /** Whether other users of this machine could look into the folder before, and cannot any more. */
  readonly isTightened: boolean;
  stop(): Promise<void>;
}

/**
 * Starts the platform in this process: the built Worker on workerd, with R2, D1 and SQLite objects on disk. It needs no
 * account.
 * @throws UsageError if the build is missing, the port is taken, or another process has a platform on this folder
 */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { folder, port, host = LOOPBACK, pages, builtPages = webFolder, script = builtWorker } = options;
  for (const path of [script, workerDescription]) requireBuild(path);
  if (pages) requireBuild(join(builtPages, 'index.html'));
  const isTightened = await openDataFolder(folder);
  // First: if both are taken, then mostly by one platform, and its folder tells more of it than its port.
  const owned = await ownFolder(folder);
  try {
    await requireFreePort(port, host);
    return { ...(await startOnFolder(options, owned)), isTightened };
  } catch (error) {
    owned.letGo();
    throw asFolderError(folder, error);
  }
}

/** What the system says of files and disks the user can mend. */
const asFolderError = (folder: string, error: unknown): unknown =>
  error instanceof Error && codeOf(error)
    ? new UsageError(`cannot keep data in ${folder} (${error.message}): choose another folder`)
    : error;

async function startOnFolder(
  asked: PlatformOptions,
  owned: OwnedFolder,
): Promise<Omit<Platform, 'isTightened'>> {
  const {
    folder,
    port,
    host = LOOPBACK,
    https = false,
    pages,
    builtPages = webFolder,
    names = [],
    inviteName,
    bindings = {},
    script = builtWorker,
    withoutR2 = false,
    inspectorPort,
  } = asked;
  const inspected = inspectorPort === undefined ? {} : { inspectorPort };
  const settings = {
    RUN_CREATION: 'open',
    // They lie on the host's own disk.
    ARCHIVE_DAYS: '0',
    TOKEN_SECRET: await readSecret(folder, TOKEN_SECRET),
    DEPLOYMENT_KEY: await readSecret(folder, DEPLOYMENT_KEY),
    OWN_NAMES: ownNames(host, names),
    PAGES_NAME: LOOPBACK,
    ...(inviteName !== undefined && { INVITE_NAME: inviteName }),
    ...bindings,
  };
  const { options } = await readDescription();
  const declared = withoutR2 ? { ...options, r2Buckets: {} } : options;
  const held = pages ? await holdPages(builtPages, folder) : null;
  const worker = { ...workerOptions(declared, settings, held, script), ...storageOptions(folder) };
  const doors = { host, port, https };
  const miniflare = await startMiniflare(
    { ...worker, ...inspected, ...doorOptions(doors), cf: false },
    owned,
  );
  const boundPort = await portOf(doors, miniflare);
  const origin = `${https ? 'https' : 'http'}://${host === '0.0.0.0' ? LOOPBACK : host}:${boundPort}`;
  owned.noteAddress(origin);
  return { origin, takenOver: owned.takenOver, stop: () => miniflare.dispose().finally(owned.letGo) };
}

/** Our own build has written it, and Miniflare checks the options in it. */
const readDescription = async (): Promise<WorkerDescription> =>
  JSON.parse(await readFile(workerDescription, 'utf8'));

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Loading Miniflare takes a third of a second, so only a command that starts a platform loads it. Its signal handlers are
 * removed: they would end the process at the first Ctrl-C, but whoever started the platform stops it.
 */
async function startMiniflare(options: MiniflareOptions, owned: OwnedFolder): Promise<Miniflare> {
  const before = SIGNALS.map(signal => process.listeners(signal));
  const library = await import('miniflare');
  const miniflare = endingWithUs(() => new library.Miniflare(options), owned.noteEngine);
  SIGNALS.forEach((signal, i) => {
    for (const listener of process.listeners(signal))
      if (!before[i]?.includes(listener)) process.removeListener(signal, listener);
  });
  return miniflare;
}

/** Tries the port first, because workerd would report a taken port with a stack trace. */
async function requireFreePort(port: number, host: string): Promise<void> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject).listen(port, host, () => probe.close(() => resolve()));
  }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE')
      throw new UsageError(
        `port ${port} is in use${describeHolder(port)}, or choose another port with --port`,
      );
    throw new UsageError(
      `cannot listen on port ${port} of ${host} (${error.code}): choose another port with --port`,
    );
  });
}

function requireBuild(path: string): void {
  if (!existsSync(path)) throw new UsageError(`no build at ${path}: run \`npm run build\` first`);
}

/** Bindings as wrangler.toml declares them, so that a laptop and a deployment differ only in `settings`. */
function workerOptions(
  declared: WorkerDescription['options'],
  settings: Readonly<Record<string, string>>,
  pages: string | null,
  script: string,
) {
  // Calls on a laptop come without an address, so there is nothing to count them by.
  const { assets, bindings, modulesRules: _, ratelimits: __, ...options } = declared;
  return {
    ...options,
    // The script is given as text under a bare name, because workerd takes no path outside the folder it was started in.
    modules: [
      frontModule,
      { type: 'ESModule' as const, path: 'index.js', contents: readFileSync(script, 'utf8') },
    ],
    bindings: { ...bindings, ...settings },
    ...(pages !== null && assets
      ? { assets: { ...assets, directory: pages, binding: PAGES, routerConfig: everythingToTheWorker } }
      : {}),
  };
}
