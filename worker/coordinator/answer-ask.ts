import type { MachineStep } from '../../shared/federation/round-machine.ts';
import type { LeaseResponse } from '../../shared/protocol/messages.ts';
import type { Env } from '../env.ts';
import type { RunIdentity } from './store/run-store.ts';
import { writeLease } from './write-lease.ts';

/** What a volunteer hears that asked for a lease. */
export async function answerAsk(
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
