import type { MiddlewareHandler } from 'hono';
import { idSchema } from '../../shared/protocol/identifiers.ts';
import { refused } from '../../shared/protocol/refusals.ts';
import { inTime } from '../in-time.ts';
import { type HonoEnv, refuse, respond } from '../routes/http.ts';
import { isRunListed } from '../storage/directory.ts';

/** The directory replies within some milliseconds, or it has failed. */
const LONGEST_LOOK_MS = 5_000;

/** Runs that are there, as far as this isolate has seen. More are looked up anew. */
const MOST_KNOWN = 10_000;
const known = new Set<string>();

/** The run is there, even if the directory could not be written. */
export function noteRun(run: string): void {
  if (known.size >= MOST_KNOWN) known.clear();
  known.add(run);
}

/**
 * To ask an object wakes it, and on a laptop leaves a file of it even if it holds nothing. Anybody can make up a run's id, and
 * a page of another site can do so in pictures, which need no permission. So a call to a run that is in no directory goes no
 * further.
 */
export const knownRuns: MiddlewareHandler<HonoEnv> = async (c, next) => {
  const run = idSchema.safeParse(c.req.param('run'));
  if (!run.success) return respond(c, refused('not-found'));
  if (known.has(run.data)) return next();
  const isThere = await look(c.env.DIRECTORY, run.data);
  if (isThere === false) return refuse(c, refused('not-found', `run ${run.data}`));
  if (isThere) noteRun(run.data);
  return next();
};

/** Null if it cannot be known. The directory is a convenience: no run is out of reach because that fails. */
async function look(database: D1Database, run: string): Promise<boolean | null> {
  try {
    return await inTime(isRunListed(database, run), LONGEST_LOOK_MS);
  } catch (error) {
    console.error('the directory was not read', error);
    return null;
  }
}
