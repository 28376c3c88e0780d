import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import type { VolunteerIdentity } from '../../volunteer/volunteer-options.ts';
import { lockFile } from '../files/lock-file.ts';

/** More processes of one machine in one run than this are volunteers that nobody remembers. */
const PLACES = 64;

/** What makes the same volunteer: as another device, by another name, it joins anew. */
export interface Person {
  readonly origin: string;
  readonly run: string;
  readonly name: string;
  readonly device: string;
}

const identitySchema = z.object({
  volunteer: z.string(),
  token: z.string(),
  index: z.number().int().optional(),
});
const memorySchema = z.record(z.string(), identitySchema);
type Memory = z.infer<typeof memorySchema>;

/** One process's place in what this machine remembers of its volunteers. */
export interface VolunteerPlace {
  read(): VolunteerIdentity | null;
  write(identity: VolunteerIdentity): void;
  forget(): void;
  /** The next process may have it. */
  letGo(): void;
}

/** A process that is killed lets its place go last. One that remembers the person is looked at again for so long. */
const PLACE_SETTLES_MS = 1_000;
const LOOK_EVERY_MS = 50;

interface Taken {
  readonly place: string;
  readonly letGo: () => void;
}

/**
 * Takes the first place that no other process holds, and one that remembers the person before any other. So a command that
 * is started again is the volunteer that it was, in the instant too in which it is killed. Two that run at once are two
 * volunteers. The system lets a place go with its process.
 */
export async function claimPlace(folder: string, person: Person): Promise<VolunteerPlace> {
  const key = JSON.stringify([person.origin, person.run, person.name, person.device]);
  const places = Array.from({ length: PLACES }, (_, place) => join(folder, String(place)));
  const isKnown = (place: string): boolean => key in readMemory(`${place}.json`);
  const taken = (await takeSoon(places.filter(isKnown))) ?? takeFirst(places);
  if (taken) return placeIn(`${taken.place}.json`, key, taken.letGo);
  return { read: () => null, write: () => {}, forget: () => {}, letGo: () => {} };
}

async function takeSoon(places: readonly string[]): Promise<Taken | null> {
  if (places.length === 0) return null;
  for (let waited = 0; ; waited += LOOK_EVERY_MS) {
    const taken = takeFirst(places);
    if (taken || waited >= PLACE_SETTLES_MS) return taken;
    await sleep(LOOK_EVERY_MS);
  }
}

function takeFirst(places: readonly string[]): Taken | null {
  for (const place of places) {
    const letGo = lockQuietly(`${place}.lock`);
    if (letGo) return { place, letGo };
  }
  return null;
}

/** A folder that cannot be written costs the memory alone. */
function lockQuietly(file: string): (() => void) | null {
  try {
    return lockFile(file);
  } catch {
    return null;
  }
}

function placeIn(file: string, key: string, letGo: () => void): VolunteerPlace {
  const change = (act: (memory: Memory) => void): void => {
    const memory = readMemory(file);
    act(memory);
    writeMemory(file, memory);
  };
  return {
    read: () => readMemory(file)[key] ?? null,
    write: identity => change(memory => (memory[key] = { ...identity })),
    forget: () => change(memory => delete memory[key]),
    letGo,
  };
}

function readMemory(file: string): Memory {
  try {
    return memorySchema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data ?? {};
  } catch {
    return {};
  }
}

/** Readable to its owner alone, for it holds tokens. */
function writeMemory(file: string, memory: Memory): void {
  try {
    writeFileSync(`${file}.new`, JSON.stringify(memory), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  } catch {}
}
