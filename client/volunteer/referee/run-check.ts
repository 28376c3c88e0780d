import type { Envelopes } from '../../../shared/cohort/ports.ts';
import { taskOf } from '../../../shared/cohort/trained-segments.ts';
import { tellApart } from '../../../shared/federation/check/tell-apart.ts';
import { atExits, isMeasuredAt, measuredWithout } from '../../../shared/plan/check-task.ts';
import type { Check, CheckVerdict, Suspects, VerdictResponse } from '../../../shared/protocol/check.ts';
import type { Role } from '../../../shared/protocol/identifiers.ts';
import type { RunConfig } from '../../../shared/protocol/run-config.ts';
import type { LossJob } from '../../trainer/trainer-api.ts';
import { type CheckFiles, withShards } from './candidate-files.ts';
import { groupShards } from './group-shards.ts';

/** The updates of a role in a round that a check asks for. */
export interface AskedUpdates {
  readonly role: Role;
  readonly round: number;
  readonly leases: readonly string[];
}

/** What becomes of a verdict, without its deadline. */
type Asked =
  | Extract<VerdictResponse, { type: 'over' }>
  | { readonly type: 'tell-apart'; readonly suspects: Omit<Suspects, 'deadlineMs'> };

/** What a check needs of the world. The referee's device and the attacks' bench have each their own. */
export interface CheckPorts {
  /** The mean loss at each exit of the job's task. */
  losses(job: LossJob): Promise<number[]>;
  verdict(found: CheckVerdict): Promise<Asked>;
  envelopes(asked: AskedUpdates): Promise<Pick<Envelopes, 'read'>>;
}

/** What is checked, and with what. */
export interface CheckInHand {
  readonly config: RunConfig;
  readonly check: Pick<Check, 'round' | 'task' | 'measuresBefore'>;
  readonly files: CheckFiles;
  readonly ports: CheckPorts;
}

/**
 * Measures the candidate, tells the platform and, if it hurts, tells its updates apart.
 * @throws what its ports throw
 */
export async function runCheck(inHand: CheckInHand): Promise<void> {
  const { check, files, ports } = inHand;
  const before = check.measuresBefore ? await ports.losses(files.before) : undefined;
  const after = await candidateLosses(inHand);
  const reply = await ports.verdict({ type: 'losses', after, ...(before && { before }) });
  if (reply.type === 'over') return;
  await ports.verdict({ type: 'harmful', leases: await findHarmful(inHand, reply.suspects) });
}

/** [CHECK3] Each exit with what the tasks made that teach it. Exits that are measured with the same are measured at once. */
async function candidateLosses({
  config: { spec, model },
  check: { task, round },
  files: { before, candidate },
  ports,
}: CheckInHand): Promise<number[]> {
  const after = task.exits.map(() => Number.NaN);
  const alike = Map.groupBy(task.exits.keys(), i => {
    const exit = task.exits[i];
    return exit ? [...measuredWithout(spec, model, round, exit)].toSorted().join() : '';
  });
  for (const [without, places] of alike) {
    const left = new Set(without.split(','));
    const shards = Object.fromEntries(Object.entries(candidate).filter(([id]) => !left.has(id)));
    const exits = task.exits.filter((_, i) => places.includes(i));
    const losses = await ports.losses({ ...withShards(before, shards), task: atExits(model, exits) });
    for (const [k, i] of places.entries()) after[i] = losses[k] ?? Number.NaN;
  }
  return after;
}

/** [CHECK7] Role by role, at the exits at which its updates are measured. */
async function findHarmful(
  { config, check: { round, task: measured }, files: { before }, ports }: CheckInHand,
  { roles, limits, badly }: Omit<Suspects, 'deadlineMs'>,
): Promise<string[]> {
  const harmful: string[] = [];
  for (const { role, updates } of roles) {
    const task = taskOf(config, round, role);
    if (!task) continue;
    const leases = updates.map(({ lease }) => lease);
    const envelopes = await ports.envelopes({ role, round, leases });
    const exits = measured.exits.filter(exit => isMeasuredAt(task, exit));
    const isOwn = (_: number, i: number): boolean => exits.some(exit => exit === measured.exits[i]);
    const own = { limits: limits.filter(isOwn), badly: badly.filter(isOwn) };
    const job = { ...before, task: atExits(config.model, exits) };
    const named = await tellApart(updates, own, async group => {
      const shards = await groupShards(config, task, before.segments, group, envelopes);
      return ports.losses(withShards(job, shards));
    });
    harmful.push(...named.map(({ lease }) => lease));
  }
  return harmful;
}
