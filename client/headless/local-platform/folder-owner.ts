import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { toOneLine } from '../../../shared/protocol/one-line.ts';
import { lockFile, type Unlock } from '../files/lock-file.ts';
import { processMark } from '../files/process-mark.ts';
import { formatMoment } from '../terminal/format-moment.ts';
import { UsageError } from '../terminal/usage-error.ts';

const processSchema = z.object({ pid: z.number().int(), mark: z.string().nullable() });

/** Who has the folder. The lock says that somebody has it; this says who, for people. */
const ownerSchema = z.object({
  process: processSchema,
  since: z.string(),
  /** Null until the platform is up. */
  address: z.string().nullable(),
  /** The workerd that writes in the folder. Null until it runs. */
  engine: processSchema.nullable(),
});
type Owner = z.infer<typeof ownerSchema>;

/** A workerd ends within a moment of whoever started it (`end-with-parent`). */
const ENGINE_ENDS_MS = 5_000;
/**
 * A lock that somebody holds is looked at again for so long. A process that is killed lets its lock go last, and until then
 * it looks like any other. One that has just taken the lock is not written down yet.
 */
const OWNER_SETTLES_MS = 2_000;
const LOOK_EVERY_MS = 50;

export interface OwnedFolder {
  /** What was left behind by the last owner, in words for people. Null if it has let the folder go. */
  readonly takenOver: string | null;
  /** The process that writes in the folder for us. */
  noteEngine(pid: number): void;
  noteAddress(address: string): void;
  /** Once, when nobody of ours writes in the folder any more. */
  letGo(): void;
}

/**
 * Takes a folder for a platform of this process. Two platforms on one folder would each hold a run's state in memory, and
 * overwrite what the other has stored. The operating system holds the lock: it is atomic, and it goes with its process.
 * @throws UsageError that names the owner if somebody has the folder
 */
export async function ownFolder(folder: string): Promise<OwnedFolder> {
  const unlock = await lockFolder(folder);
  try {
    const left = readOwner(folder);
    if (left?.engine) await waitForEngine(folder, left, left.engine);
    return owned(folder, left, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

async function lockFolder(folder: string): Promise<Unlock> {
  for (let waited = 0; ; waited += LOOK_EVERY_MS) {
    const unlock = tryLock(join(folder, 'lock'));
    if (unlock) return unlock;
    if (waited >= OWNER_SETTLES_MS) throw new UsageError(inUse(folder, readOwner(folder)));
    await sleep(LOOK_EVERY_MS);
  }
}

/** @throws UsageError if the file cannot be a lock: garbage, a folder, another user's */
function tryLock(file: string): Unlock | null {
  try {
    return lockFile(file);
  } catch (error) {
    const why = error instanceof Error ? error.message : error;
    throw new UsageError(
      `${file} cannot be locked (${why}): remove it if no platform runs on this folder, or choose another folder with --folder`,
    );
  }
}

/** A process of another container cannot be looked at, but its address may be reached. */
const isThere = (owner: Owner | null): owner is Owner =>
  owner !== null && (owner.process.mark === null || owner.process.mark === processMark(owner.process.pid));

function owned(folder: string, left: Owner | null, unlock: Unlock): OwnedFolder {
  const self = { pid: process.pid, mark: processMark(process.pid) };
  let owner: Owner = { process: self, since: new Date().toISOString(), address: null, engine: null };
  const note = (change: Partial<Owner>): void => {
    owner = { ...owner, ...change };
    writeOwner(folder, owner);
  };
  note({});
  return {
    takenOver: left && describeLeft(folder, left),
    noteEngine: pid => note({ engine: { pid, mark: processMark(pid) } }),
    noteAddress: address => note({ address }),
    letGo: () => {
      forgetOwner(folder);
      unlock();
    },
  };
}

const ownerFile = (folder: string): string => join(folder, 'owner.json');

/** Null if nobody is written down, or if a full disk has broken that off. */
function readOwner(folder: string): Owner | null {
  try {
    return ownerSchema.safeParse(JSON.parse(readFileSync(ownerFile(folder), 'utf8'))).data ?? null;
  } catch {
    return null;
  }
}

/** For people only, so a disk that does not take it stops nothing. */
function writeOwner(folder: string, owner: Owner): void {
  try {
    writeFileSync(`${ownerFile(folder)}.new`, JSON.stringify(owner));
    renameSync(`${ownerFile(folder)}.new`, ownerFile(folder));
  } catch {}
}

/** What stays says no more than that this process did not stop. */
function forgetOwner(folder: string): void {
  try {
    rmSync(ownerFile(folder), { force: true });
  } catch {}
}

/** Where the platform of a folder can be called. Null if none is up. */
export function addressOf(folder: string): string | null {
  const owner = readOwner(folder);
  return isThere(owner) ? owner.address : null;
}

const timeOf = ({ since }: Owner): string => {
  const date = new Date(since);
  return Number.isNaN(date.getTime()) ? toOneLine(since) : formatMoment(date.getTime());
};

/** What is written may be of an owner before: the one who holds the lock writes itself down a moment later. */
function inUse(folder: string, owner: Owner | null): string {
  const elsewhere = 'or choose another folder with --folder';
  if (!isThere(owner)) return `${folder} is in use by another platform: stop it, ${elsewhere}`;
  const mend = `stop it with \`kill ${owner.process.pid}\`, ${elsewhere}`;
  const who = `process ${owner.process.pid}, since ${timeOf(owner)}`;
  return owner.address === null
    ? `${folder} is in use by a platform that is just starting (${who}): ${mend}`
    : `${folder} is in use by ${toOneLine(owner.address)} (${who}): open that, or ${mend}`;
}

const describeLeft = (folder: string, owner: Owner): string =>
  `The platform that had ${folder} (process ${owner.process.pid}, since ${timeOf(owner)}) ended without stopping. This one goes on with its data.`;

/** @throws UsageError if the workerd of an owner who is gone goes on to write in the folder */
async function waitForEngine(
  folder: string,
  left: Owner,
  { pid, mark }: z.infer<typeof processSchema>,
): Promise<void> {
  const isAlive = (): boolean => mark !== null && processMark(pid) === mark;
  for (let waited = 0; isAlive() && waited < ENGINE_ENDS_MS; waited += LOOK_EVERY_MS)
    await sleep(LOOK_EVERY_MS);
  // It is the one that this folder's platform has started, by its id and the time of its start, and nobody uses it any more.
  if (isAlive()) killQuietly(pid);
  for (let waited = 0; isAlive() && waited < OWNER_SETTLES_MS; waited += LOOK_EVERY_MS)
    await sleep(LOOK_EVERY_MS);
  if (isAlive())
    throw new UsageError(
      `workerd (process ${pid}) still writes in ${folder}, although the platform that started it (process ${left.process.pid}) is gone, and cannot be ended: end it with \`kill -9 ${pid}\` first`,
    );
}

/** It may have ended just now, or be another user's. */
function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {}
}
