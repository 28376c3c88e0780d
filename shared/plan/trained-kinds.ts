import { sha256Hex } from '../math/sha256.ts';
import { encodeUtf8 } from '../math/utf8.ts';
import type { Role } from '../protocol/identifiers.ts';
import type { RunConfig } from '../protocol/run-config.ts';
import { plannedTasks } from './planned-tasks.ts';

/** More than the rounds that an update may be late by, before and behind the one that runs. */
const KEPT_ROUNDS = 256;

/** By role of a round, a text that is the same if what is trained is: the same segments, and the same channels of them. */
export type TrainedKinds = ReadonlyMap<Role, string>;

/** Of each run the rounds that were asked for last. */
const known = new WeakMap<RunConfig, Map<number, TrainedKinds>>();

/** It is kept, for every late update asks it of several rounds, and drawing one takes about 2 ms for VGG16. */
export function trainedKinds(config: RunConfig, round: number): TrainedKinds {
  const kept = known.get(config) ?? new Map<number, TrainedKinds>();
  const before = kept.get(round);
  if (before) return before;
  const kinds = new Map(
    // Drawn channels are thousands of spans, so only their hash is kept.
    plannedTasks(config, round).map(({ role, trains, slices }) => [
      role,
      sha256Hex(encodeUtf8(JSON.stringify([trains, slices]))),
    ]),
  );
  known.set(config, kept.set(round, kinds));
  const [oldest] = kept.keys();
  if (kept.size > KEPT_ROUNDS && oldest !== undefined) kept.delete(oldest);
  return kinds;
}
