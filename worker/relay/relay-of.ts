import type { Env } from '../env.ts';
import type { RelayObject } from '../object-calls.ts';

/** The relay of a run in this slot. */
export const relayOf = (env: Env, run: string, slot: number): DurableObjectStub<RelayObject> =>
  env.RELAYS.getByName(`${run}/${slot}`);
