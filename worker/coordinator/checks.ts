import type { GrantedCheck } from '../../shared/federation/check/check.ts';
import type { MachineStep } from '../../shared/federation/round-machine.ts';
import type { RunInput } from '../../shared/federation/run-state.ts';
import type { Check, CheckResponse, CheckVerdict, VerdictResponse } from '../../shared/protocol/check.ts';
import { segmentsOf } from '../../shared/protocol/lease.ts';
import { type Manifest, segmentById } from '../../shared/protocol/model-outline.ts';
import { accepted, type Result } from '../../shared/protocol/refusals.ts';
import type { RunConfig } from '../../shared/protocol/run-config.ts';
import { createId } from '../tokens.ts';

type Step = (input: RunInput) => Promise<Result<MachineStep>>;

/** [CHECK4] What there is to check, as the message that a referee gets. */
export async function askForCheck(
  config: RunConfig,
  step: Step,
  volunteer: string,
): Promise<Result<CheckResponse>> {
  const result = await step({ type: 'request-check', volunteer, check: createId(16) });
  if (!result.ok) return result;
  const { check } = result.value;
  if (!check) throw new Error('the machine gave no reply to a request for a check');
  return accepted(check.type === 'check' ? { type: 'check', check: writeCheck(config, check) } : check);
}

function writeCheck({ model }: RunConfig, granted: GrantedCheck): Check {
  const { id, round, turn, task, parts, until, before, candidate, measuresBefore } = granted;
  const ids = segmentsOf(task);
  const shardsIn = ({ segments }: Manifest, segment: string) => segments[segment]?.shards ?? [];
  const isChanged = (segment: string): boolean =>
    JSON.stringify(shardsIn(before, segment)) !== JSON.stringify(shardsIn(candidate, segment));
  return {
    ...{ id, round, turn, task, measuresBefore, parts: [...parts] },
    deadlineMs: leftMs(until),
    segments: Object.fromEntries(
      ids.map(segment => [
        segment,
        { topology: segmentById(model, segment).topology, shards: shardsIn(before, segment) },
      ]),
    ),
    candidate: Object.fromEntries(
      ids.filter(isChanged).map(segment => [segment, shardsIn(candidate, segment)]),
    ),
  };
}

const leftMs = (until: number): number => Math.max(0, until - Date.now());

/** [CHECK7] What becomes of a verdict, as the message that the referee gets. */
export async function tellVerdict(
  step: Step,
  volunteer: string,
  check: string,
  verdict: CheckVerdict,
): Promise<Result<VerdictResponse>> {
  const result = await step({ type: 'checked', volunteer, check, verdict });
  if (!result.ok) return result;
  const reply = result.value.verdict;
  if (reply?.type !== 'tell-apart') return accepted({ type: 'over' });
  return accepted({
    type: 'tell-apart',
    suspects: { ...reply.suspects, deadlineMs: leftMs(reply.until) },
  });
}
