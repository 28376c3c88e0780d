import { plannedTasks } from '../../plan/planned-tasks.ts';
import { comparesWithRoot, rootParts } from '../../protocol/root-set.ts';
import type { RunConfig } from '../../protocol/run-config.ts';
import { goalOf, hasServed } from '../round/round-state.ts';
import type { RunState } from '../run-state.ts';
import { countAble } from './crowd.ts';
import { fits, needOf } from './device-fit.ts';
import type { LeaseAsk } from './lease-ask.ts';
import { countExamples, type RoundTask } from './round-tasks.ts';

/**
 * [ROOT4] The first task of the round that lacks a root update, if a referee asks and has none of that role in hand. Null
 * if there is none for it, or if nobody but referees is here: then they train as others do.
 */
export function chooseRootTask(
  config: RunConfig,
  state: RunState,
  { volunteer, now }: LeaseAsk,
): RoundTask | null {
  if (!comparesWithRoot(config.spec) || !volunteer.identity.referee) return null;
  if (countAble(config, state, now).count === 0) return null;
  const { round, leases } = state;
  const held = leases.heldBy(volunteer.id).filter(lease => lease.round === round.number);
  const parts = partsInRound(config, round.number);
  const examples = countExamples(config, 'train', parts);
  for (const task of plannedTasks(config, round.number)) {
    const { role } = task;
    const need = needOf(config, task, examples);
    const isWanted = goalOf(round, role) > 0 && round.roots?.[role] === undefined;
    const isTaken = leases.hasRoot(role, round.number) || held.some(lease => lease.role === role);
    const maySend = !hasServed(round, role, volunteer.id) && fits(config, need, volunteer.identity.device);
    if (isWanted && !isTaken && maySend) return { task, parts, examples, need };
  }
  return null;
}

/**
 * As many parts as every lease has, so that the root update takes as many steps as others. If the set has fewer, they come
 * again.
 */
function partsInRound({ spec }: RunConfig, round: number): readonly number[] {
  const parts = rootParts(spec);
  const { partsPerLease } = spec.training;
  return Array.from(
    { length: partsPerLease },
    (_, i) => parts[((round - 1) * partsPerLease + i) % parts.length] ?? 0,
  );
}
