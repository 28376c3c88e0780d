import type { MiddlewareHandler } from 'hono';
import { idSchema } from '../../shared/protocol/identifiers.ts';
import { refused } from '../../shared/protocol/refusals.ts';
import { inTime } from '../in-time.ts';
import { type HonoEnv, refuse, respond } from '../routes/http.ts';
import { findRun } from '../storage/directory.ts';
import { calledTooOften } from './rates.ts';

/** The directory replies within some milliseconds, or it has failed. */
const LONGEST_LOOK_MS = 5_000;

/** Runs that are there, as far as this isolate has seen. More are looked up anew. */
const MOST_KNOWN = 10_000;

/** A run that was deleted meanwhile is known for no longer than this. */
const KNOWN_MS = 60_000;

/** A directory that has failed is not asked again so soon. Otherwise each call would wait for it. */
const AWAY_MS = 10_000;
let awayUntil = 0;

/** Until when each is known. */
const known = new Map<string, number>();

/** The run is there, even if the directory could not be written. */
export function noteRun(run: string): void {
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(run, Date.now() + KNOWN_MS);
}

/** [KEY7] The run is deleted. */
export const forgetRun = (run: string): void => void known.delete(run);

const isKnown = (run: string): boolean => (known.get(run) ?? 0) > Date.now();

/**
 * To ask an object wakes it, and on a laptop leaves a file of it even if it holds nothing. Anybody can make up a run's id, and
 * a page of another site can do so in pictures, which need no permission. So a call to a run that is in no directory goes no
 * further.
 */
export const knownRuns: MiddlewareHandler<HonoEnv> = async (c, next) => {
  const run = idSchema.safeParse(c.req.param('run'));
  if (!run.success) return respond(c, refused('not-found'));
  if (isKnown(run.data)) return next();
  // Whoever makes up ids asks for another one each time.
  const tooOften = await calledTooOften(c, 'INFO_RATE', 'any run');
  if (tooOften) return refuse(c, tooOften);
  const found = await look(c.env.DIRECTORY, run.data);
  if (found === 'none') return refuse(c, refused('not-found', `run ${run.data}`));
  if (found === 'deleted') return refuse(c, refused('deleted'));
  if (found === 'listed') noteRun(run.data);
  return next();
};

/** Null if it cannot be known. The directory is a convenience: no run is out of reach because that fails. */
async function look(database: D1Database, run: string): Promise<'listed' | 'deleted' | 'none' | null> {
  if (Date.now() < awayUntil) return null;
  try {
    return (await inTime(findRun(database, run), LONGEST_LOOK_MS)) ?? 'none';
  } catch (error) {
    console.error('the directory was not read', error);
    awayUntil = Date.now() + AWAY_MS;
    return null;
  }
}
