import type { Context, MiddlewareHandler } from 'hono';
import { type Refusal, refused } from '../../shared/protocol/refusals.ts';
import { siteOf } from '../coordinator/site-of.ts';
import type { Env } from '../env.ts';
import { type HonoEnv, refuse } from '../routes/http.ts';

/** The bindings that count calls. Their limits and their period of ten seconds stand in wrangler.toml. */
type Rate = keyof Pick<Env, 'JOIN_RATE' | 'EVENTS_RATE' | 'INFO_RATE' | 'LEDGER_RATE'>;

/** Who was refused comes back when the period is over. */
const PERIOD_MS = 10_000;

/**
 * Keeps a program that calls a thousand times a second from waking objects, at no cost for everybody else. It counts by run
 * and network: a join code would be a better name of a class than its address, but whoever attacks would draw a new one for
 * each call.
 */
export const rated =
  (rate: Rate): MiddlewareHandler<HonoEnv> =>
  async (c, next) => {
    const tooOften = await calledTooOften(c, rate, c.req.param('run') ?? c.req.path);
    return tooOften ? refuse(c, tooOften) : next();
  };

/**
 * Counts a call.
 * @param of what is called: nobody is refused for calls of something else
 * @returns the refusal if there were too many. Null without the binding, or without an address, as on a laptop
 */
export async function calledTooOften(c: Context<HonoEnv>, rate: Rate, of: string): Promise<Refusal | null> {
  const limiter = c.env[rate];
  const address = c.req.header('cf-connecting-ip');
  if (!limiter || !address) return null;
  if (await isWithin(limiter, `${of} ${siteOf(address)}`)) return null;
  const detail = `too many calls come from this network: come back in ${PERIOD_MS / 1_000} s`;
  return { ...refused('busy', detail), retryAfterMs: PERIOD_MS };
}

/** Nobody is refused because the count fails. */
async function isWithin(limiter: RateLimit, key: string): Promise<boolean> {
  try {
    return (await limiter.limit({ key })).success;
  } catch (error) {
    console.error('calls were not counted', error);
    return true;
  }
}
