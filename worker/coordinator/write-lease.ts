import { maxEnvelopeBytes } from '../../shared/codec/envelope.ts';
import { claimsOf } from '../../shared/federation/lease/claims-of.ts';
import type { Grant } from '../../shared/federation/lease/grant-lease.ts';
import { expectedTensors } from '../../shared/protocol/expected-tensors.ts';
import { type Lease, segmentsOf } from '../../shared/protocol/lease.ts';
import { segmentById } from '../../shared/protocol/model-outline.ts';
import type { Env } from '../env.ts';
import { signLease } from '../tokens.ts';
import type { RunIdentity } from './store/run-store.ts';

/** The machine's grant as the message that a volunteer gets. Its signed token must come with the update. */
export async function writeLease(
  env: Env,
  { run, config, location }: RunIdentity,
  grant: Grant,
  now: number,
): Promise<Lease> {
  const { lease, task, manifest } = grant;
  const tensors = expectedTensors(config.model, task.trains, task.slices);
  const byteAllowance = maxEnvelopeBytes(config.spec.codec, tensors);
  const claims = claimsOf(run, grant, byteAllowance);
  const { round, version, parts, examples } = claims;
  const segments = segmentsOf(task).map(id => [
    id,
    { topology: segmentById(config.model, id).topology, shards: manifest.segments[id]?.shards ?? [] },
  ]);
  return {
    id: lease.id,
    token: await signLease(env, { ...claims, ...(location && { location }) }),
    task,
    split: lease.role === 'evaluator' ? 'test' : 'train',
    deadlineMs: Math.max(0, lease.deadlineAt - now),
    seed: config.spec.seed + lease.round,
    segments: Object.fromEntries(segments),
    ...(lease.root && { root: lease.root }),
    ...{ round, version, parts, examples, byteAllowance },
  };
}
