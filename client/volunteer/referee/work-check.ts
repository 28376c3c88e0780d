import { taskOf } from '../../../shared/cohort/trained-segments.ts';
import { tellApart } from '../../../shared/federation/check/tell-apart.ts';
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
  const after = await losses(withShards(files.before, files.candidate));
  const found = { type: 'losses' as const, after, ...(before && { before }) };
  const reply = await client.verdict(run, check.id, identity.token, found, signal);
  if (reply.type === 'over') return;
  const leases = await findHarmful(work, check, files, reply.suspects, signal);
  await client.verdict(run, check.id, identity.token, { type: 'harmful', leases }, signal);
}

/** [CHECK7] Role by role. What the roles do only together is not told apart. */
async function findHarmful(
  { options, info }: Work,
  { round }: Check,
  { before }: CheckFiles,
  { roles, ...limits }: Suspects,
  signal: AbortSignal,
): Promise<string[]> {
  const { archives } = replayPorts(options.client, info, noSums, signal);
  const harmful: string[] = [];
  for (const { role, updates } of roles) {
    const task = taskOf(info, round, role);
    if (!task) continue;
    const leases = updates.map(({ lease }) => lease);
    const envelopes = await archivedUpdates(archives, { role, round, leases }, signal);
    const named = await tellApart(updates, limits, async group => {
      signal.throwIfAborted();
      const shards = await groupShards(info, task, before.segments, group, envelopes);
      return options.trainer.losses(withShards(before, shards));
    });
    harmful.push(...named.map(({ lease }) => lease));
  }
  return harmful;
}

/** Nothing is handed on here. */
const noSums = (): never => {
  throw new Error('a check hands on no sums');
};
