import type { Env } from '../env.ts';
import { inTime } from '../in-time.ts';
import type { SecretKeeperObject } from '../object-calls.ts';

/** A keeper that takes longer has failed. Whoever joins waits for it. */
const LONGEST_REPLY_MS = 10_000;

/** The keeper cannot be reached, or cannot write. Its message is for people. */
export class KeeperAwayError extends Error {
  constructor(cause: unknown) {
    super('the platform cannot read or keep its own secrets at the moment: try again', { cause });
    this.name = 'KeeperAwayError';
  }
}

type Keeper = DurableObjectStub<SecretKeeperObject>;

/**
 * Asks the one object that keeps this deployment's secrets.
 * @throws KeeperAwayError if no reply comes
 */
export async function askKeeper<P extends Promise<unknown>>(
  env: Pick<Env, 'SECRETS'>,
  ask: (keeper: Keeper) => P,
): Promise<Awaited<P>> {
  try {
    return await inTime(ask(env.SECRETS.getByName('secrets')), LONGEST_REPLY_MS);
  } catch (cause) {
    throw new KeeperAwayError(cause);
  }
}
