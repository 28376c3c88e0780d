import { RefusedError } from '../../client/platform/call-platform.ts';
import type { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import { encodeUpdate } from '../../shared/codec/envelope.ts';
import type { CodecSpec } from '../../shared/protocol/codec-spec.ts';
import { expectedTensors } from '../../shared/protocol/expected-tensors.ts';
import type { Lease } from '../../shared/protocol/lease.ts';
import type { CreateRunRequest, JoinRequest } from '../../shared/protocol/messages.ts';
import { type RunSpecInput, runSpecSchema } from '../../shared/protocol/run-spec.ts';
import { type Change, createTinyModel, type TinyModel } from './tiny-model.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** What a test says of its run; the rest is the smallest there is. */
export interface TinyRunOptions {
  readonly model?: TinyModel;
  readonly spec?: Partial<RunSpecInput>;
  readonly joinCode?: string;
  readonly key?: string;
  /** Left as a draft where false. */
  readonly isOpen?: boolean;
}

export interface TinyRun {
  readonly run: string;
  readonly hostKey: string;
  readonly model: TinyModel;
}

export interface TinyVolunteer {
  readonly volunteer: string;
  readonly token: string;
}

export const tinyGlyphs = {
  kind: 'glyphs',
  name: 'glyphs',
  seed: 1,
  trainParts: 5,
  testParts: 2,
  examplesPerPart: 10,
  partition: { kind: 'iid' },
} as const;

/** The request that makes a run of two roles, where nobody is leased to twice for one place. */
export function tinyRequest({
  model = createTinyModel(),
  spec,
  joinCode,
}: TinyRunOptions = {}): CreateRunRequest {
  const segments = Object.fromEntries(Object.entries(model.shards).map(([id, list]) => [id, [...list]]));
  const full = runSpecSchema.parse({
    name: 'tiny',
    seed: 7,
    dataset: tinyGlyphs,
    plan: { name: 'layer-to-layer' },
    rounds: 3,
    aggregation: 'mean',
    ...spec,
    policy: { overIssue: 1, ...spec?.policy },
  });
  return { spec: full, model: model.outline, segments, ...(joinCode ? { joinCode } : {}) };
}

export async function putBlobs(client: HomeroomClient, model: TinyModel, key?: string): Promise<void> {
  await Promise.all(model.blobs.map(({ sha256, bytes }) => client.putBlob(sha256, bytes, key)));
}

export async function createTinyRun(client: HomeroomClient, options: TinyRunOptions = {}): Promise<TinyRun> {
  const model = options.model ?? createTinyModel();
  await putBlobs(client, model, options.key);
  const created = await client.createRun(tinyRequest({ ...options, model }), options.key);
  if (options.isOpen !== false) await client.control(created.run, 'open', created.hostKey);
  return { ...created, model };
}

const device = { backend: 'cpu', macsPerSecond: 0, memoryMB: 0 };

export const joinRun = (
  client: HomeroomClient,
  run: string,
  request: Partial<JoinRequest> = {},
  hostKey?: string,
): Promise<TinyVolunteer> => client.join(run, { name: 'Ada', device, ...request }, hostKey);

/** So many volunteers, in the order of joining, which says who is student. */
export async function joinMany(client: HomeroomClient, run: string, count: number): Promise<TinyVolunteer[]> {
  const volunteers: TinyVolunteer[] = [];
  for (let i = 0; i < count; i++) volunteers.push(await joinRun(client, run, { name: `volunteer ${i}` }));
  return volunteers;
}

/** @throws if there is nothing to do for this volunteer now */
export async function takeLease(
  client: HomeroomClient,
  run: string,
  { token }: TinyVolunteer,
): Promise<Lease> {
  const reply = await client.lease(run, token);
  if (reply.type !== 'lease') throw new Error(`no lease: ${JSON.stringify(reply)}`);
  return reply.lease;
}

export const trainingMetrics = { samples: 10, loss: 0.5, trainMs: 100, downloadBytes: 1_000, backend: 'cpu' };

interface UpdateOptions {
  readonly codec?: CodecSpec;
  readonly metrics?: unknown;
}

/** What this lease's holder would send: every learnt value changed so, and statistics of these values. */
export function updateOf(
  { outline }: TinyModel,
  lease: Pick<Lease, 'id' | 'task'>,
  change: Change,
  { codec = { name: 'f16' }, metrics = trainingMetrics }: UpdateOptions = {},
): Bytes {
  const tensors = expectedTensors(outline, lease.task.trains, lease.task.slices).map(
    ({ elements, ...expected }) => {
      const values = Float32Array.from({ length: elements }, (_, i) => change(expected.tensor, i));
      return { ...expected, values };
    },
  );
  return encodeUpdate({ lease: lease.id, codec, tensors, metrics });
}

/** An evaluator's update: it told so many of the lease's examples right, at a loss of a quarter. The others have a loss of one. */
export const evaluationOf = (lease: Lease, correct: number, changes: Record<string, unknown> = {}): Bytes => {
  const { examples, parts } = lease;
  const lossSum = correct / 4 + (examples - correct);
  const shared = (sum: number): number[] => parts.map(() => sum / parts.length);
  // Parts of equal size are counted alike, if that is possible.
  const byPart =
    correct % parts.length === 0 ? { byPart: { correct: shared(correct), lossSum: shared(lossSum) } } : {};
  const metrics = { examples, correct, lossSum, ...byPart, downloadBytes: 0, backend: 'cpu', ...changes };
  return encodeUpdate({ lease: lease.id, codec: { name: 'f16' }, tensors: [], metrics });
};

/** Takes a training lease and sends an update for it. */
export async function train(
  client: HomeroomClient,
  { run, model }: TinyRun,
  volunteer: TinyVolunteer,
  change: Change,
  options: UpdateOptions = {},
): Promise<Lease> {
  const lease = await takeLease(client, run, volunteer);
  await client.putUpdate(run, lease.id, lease.token, updateOf(model, lease, change, options));
  return lease;
}

/** The refusal that a call ends in; fails the test where it does not. */
export async function refusalOf(call: Promise<unknown>): Promise<RefusedError> {
  const error = await call.then(
    () => new Error('this was not refused'),
    (reason: unknown) => reason,
  );
  if (error instanceof RefusedError) return error;
  throw error;
}
