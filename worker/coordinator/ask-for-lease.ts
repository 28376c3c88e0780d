import type { MachineStep } from '../../shared/federation/round-machine.ts';
import type { RunInput } from '../../shared/federation/run-state.ts';
import type { LeaseResponse } from '../../shared/protocol/messages.ts';
import { accepted, type Result } from '../../shared/protocol/refusals.ts';
import type { Env } from '../env.ts';
import { createId, prepareToSign } from '../tokens.ts';
import type { OpenRun } from './open-run.ts';
import type { RunIdentity } from './store/run-store.ts';
import { writeLease } from './write-lease.ts';

interface LeaseAsked {
  readonly volunteer: string;
  /** A lease of this volunteer that goes on. */
  readonly beside: string | undefined;
  readonly macsPerSecond: number | undefined;
}

/** What a volunteer hears that asks for a lease. */
export async function askForLease(
  env: Env,
  { identity, archive, state }: OpenRun,
  step: (input: RunInput) => Promise<Result<MachineStep>>,
  ask: LeaseAsked,
): Promise<Result<LeaseResponse>> {
  const allowed = archive.allowsChange();
  if (!allowed.ok && state.phase !== 'finished') return allowed;
  // A lease whose token cannot be signed would be open until its deadline, and nobody would have it.
  await prepareToSign(env);
  const result = await step({ type: 'request-lease', lease: createId(16), ...ask });
  return result.ok ? accepted(await answerOf(env, identity, result.value)) : result;
}

async function answerOf(
  env: Env,
  identity: RunIdentity,
  { reply, standing }: MachineStep,
): Promise<LeaseResponse> {
  const told = standing ? { standing } : {};
  if (!reply) throw new Error('the machine gave no reply to a request for a lease');
  if (reply.type === 'finished') return reply;
  if (reply.type === 'wait') return { ...reply, ...told };
  const lease = await writeLease(env, identity, reply, Date.now());
  return { type: 'lease', lease, more: reply.more, ...told };
}
