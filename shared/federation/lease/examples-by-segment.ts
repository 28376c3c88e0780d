import type { RunConfig } from '../../protocol/run-config.ts';
import type { RunState, VolunteerTable } from '../run-state.ts';
import type { VolunteerState } from '../volunteer/volunteer-state.ts';
import { fits } from './device-fit.ts';
import { roundTasks } from './round-tasks.ts';

type Sums = Readonly<Record<string, number>>;

/** The sums of those in a table of volunteers. */
interface Counted {
  /** Says what the volunteers' leases are. If that changes, everyone is counted anew. */
  readonly key: string;
  readonly volunteers: VolunteerTable;
  readonly sums: Sums;
}

/** Of each run what was counted last. A fold then costs as much as volunteers have joined since, and not as all there are. */
const known = new WeakMap<RunConfig, Counted>();

/**
 * [PUB8] How many examples the volunteers have, by segment: those of one lease for each who has joined and not left, and has room to
 * train the segment. Leases of a run are of about the same size, so the next one counts.
 */
export function examplesBySegment(
  config: RunConfig,
  state: RunState,
  segments: readonly string[],
): Record<string, number> {
  const { sums } = count(config, state);
  return Object.fromEntries(segments.map(id => [id, sums[id] ?? 0]));
}

function count(config: RunConfig, state: RunState): Counted {
  const key = keyOf(config, state);
  const { volunteers } = state;
  const before = known.get(config);
  const joined = before?.key === key ? joinedSince(before.volunteers, volunteers) : null;
  const sums =
    before && joined
      ? addAll(config, state, before.sums, joined)
      : addAll(config, state, {}, volunteers.values());
  const counted = { key, volunteers, sums };
  known.set(config, counted);
  return counted;
}

/** Who is in a table and was not in an earlier one. Null if that is not all: then they are tables of two runs. */
function joinedSince(before: VolunteerTable, after: VolunteerTable): VolunteerState[] | null {
  const { put, deleted } = after.since(before);
  const isSame = ({ id, identity }: VolunteerState): boolean =>
    (before.get(id)?.identity ?? identity) === identity;
  if (deleted.length > 0 || !put.every(isSame)) return null;
  return put.filter(({ id }) => before.get(id) === undefined);
}

function addAll(
  config: RunConfig,
  state: RunState,
  before: Sums,
  volunteers: Iterable<VolunteerState>,
): Sums {
  const sums: Record<string, number> = { ...before };
  for (const volunteer of volunteers)
    for (const [id, examples] of examplesOf(config, state, volunteer)) sums[id] = (sums[id] ?? 0) + examples;
  return sums;
}

/** Of one volunteer: of the lightest task that fits and trains the segment. */
function examplesOf(
  config: RunConfig,
  state: RunState,
  volunteer: VolunteerState,
): ReadonlyMap<string, number> {
  const examples = new Map<string, number>();
  for (const { task, need, examples: count } of roundTasks(config, state, volunteer)) {
    if (!fits(config, need, volunteer.identity.device)) continue;
    for (const id of task.trains) if (!examples.has(id)) examples.set(id, count);
  }
  return examples;
}

/**
 * What a lease of each task is for the first volunteer. Either the next parts are the same for everyone, or each has its own
 * for good; so if these leases are as before, all are. Rounds whose parts differ in size count everyone.
 */
function keyOf(config: RunConfig, state: RunState): string {
  const [first] = state.volunteers.values();
  const tasks = first ? roundTasks(config, state, first) : [];
  return JSON.stringify(tasks.map(({ task, need, examples }) => [task.trains, need, examples]));
}
