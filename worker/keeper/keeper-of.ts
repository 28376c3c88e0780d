import type { Env } from '../env.ts';
import type { SecretKeeperObject } from '../object-calls.ts';

/** The one object that keeps this deployment's secrets. */
export const keeperOf = (env: Pick<Env, 'SECRETS'>): DurableObjectStub<SecretKeeperObject> =>
  env.SECRETS.getByName('secrets');
