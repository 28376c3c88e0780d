import { taskOf } from '../../../shared/cohort/trained-segments.ts';
import { tellApart } from '../../../shared/federation/check/tell-apart.ts';
import { atExits, isMeasuredAt, measuredWithout } from '../../../shared/plan/check-task.ts';
import type { Check, Suspects } from '../../../shared/protocol/check.ts';
import { replayPorts } from '../../platform/replay-ports.ts';
import type { LossJob } from '../../trainer/trainer-api.ts';
import type { Work } from '../volunteer-options.ts';
import { archivedUpdates } from './archived-updates.ts';
import { type CheckFiles, checkFiles, withShards } from './candidate-files.ts';
import { groupShards } from './group-shards.ts';

/**
 * One check, from its download to the platform's word that it is over: measures the candidate and, if it hurts, tells its
 * updates apart.
 * @throws if the platform, the backend or the archive fails. Then the check is asked for anew, or passes
 */
export async function workCheck(work: Work, check: Check, signal: AbortSignal): Promise<void> {
  const { options, identity } = work;
  const { client, run } = options;
  const files = await checkFiles(work, check);
  const losses = (job: LossJob): Promise<number[]> => options.trainer.losses(job);
  const before = check.measuresBefore ? await losses(files.before) : undefined;
  const after = await candidateLosses(work, check, files);
  const found = { type: 'losses' as const, after, ...(before && { before }) };
  const reply = await client.verdict(run, check.id, identity.token, found, signal);
  if (reply.type === 'over') return;
  const leases = await findHarmful(work, check, files, reply.suspects, signal);
  await client.verdict(run, check.id, identity.token, { type: 'harmful', leases }, signal);
}

/** [CHECK3] Each exit with what the tasks made that teach it. Exits that are measured with the same are measured at once. */
async function candidateLosses(
  { options, info: { spec, model } }: Work,
  { task, round }: Check,
  { before, candidate }: CheckFiles,
): Promise<number[]> {
  const after = task.exits.map(() => Number.NaN);
  const alike = Map.groupBy(task.exits.keys(), i => {
    const exit = task.exits[i];
    return exit ? [...measuredWithout(spec, model, round, exit)].toSorted().join() : '';
  });
  for (const [without, places] of alike) {
    const left = new Set(without.split(','));
    const shards = Object.fromEntries(Object.entries(candidate).filter(([id]) => !left.has(id)));
    const exits = task.exits.filter((_, i) => places.includes(i));
    const job = { ...withShards(before, shards), task: atExits(model, exits) };
    const losses = await options.trainer.losses(job);
    for (const [k, i] of places.entries()) after[i] = losses[k] ?? Number.NaN;
  }
  return after;
}

/** [CHECK7] Role by role, at the exits at which its updates are measured. */
async function findHarmful(
  { options, info }: Work,
  { round, task: measured }: Check,
  { before }: CheckFiles,
  { roles, limits, badly }: Suspects,
  signal: AbortSignal,
): Promise<string[]> {
  const { archives } = replayPorts(options.client, info, noSums, signal);
  const harmful: string[] = [];
  for (const { role, updates } of roles) {
    const task = taskOf(info, round, role);
    if (!task) continue;
    const leases = updates.map(({ lease }) => lease);
    const envelopes = await archivedUpdates(archives, { role, round, leases }, signal);
    const exits = measured.exits.filter(exit => isMeasuredAt(task, exit));
    const isOwn = (_: number, i: number): boolean => exits.some(exit => exit === measured.exits[i]);
    const own = { limits: limits.filter(isOwn), badly: badly.filter(isOwn) };
    const job = { ...before, task: atExits(info.model, exits) };
    const named = await tellApart(updates, own, async group => {
      signal.throwIfAborted();
      const shards = await groupShards(info, task, before.segments, group, envelopes);
      return options.trainer.losses(withShards(job, shards));
    });
    harmful.push(...named.map(({ lease }) => lease));
  }
  return harmful;
}

/** Nothing is handed on here. */
const noSums = (): never => {
  throw new Error('a check hands on no sums');
};
