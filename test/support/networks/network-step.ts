import type { BuiltModel, LeaseJob, ModelFiles, TrainerApi } from '../../../client/trainer/trainer-api.ts';
import { decodeUpdate, openEnvelope } from '../../../shared/codec/envelope.ts';
import { readShards } from '../../../shared/codec/shard-layout.ts';
import type { Examples } from '../../../shared/datasets/examples.ts';
import { encodePart } from '../../../shared/datasets/part.ts';
import { sha256Hex } from '../../../shared/math/sha256.ts';
import { expectedTensors } from '../../../shared/protocol/expected-tensors.ts';
import { constantRate, evaluatorTask, leaseJob, segmentFiles, wholeTask } from '../local-trainer.ts';
import type { Network } from './networks.ts';

/** A weight before a step, and how far it moves. */
export interface Move {
  readonly name: string;
  readonly start: Float32Array;
  readonly delta: Float32Array;
}

export interface NetworkStep {
  readonly loss: number;
  readonly moves: readonly Move[];
}

/** The rate of a step that is compared: at a small one, the rounding of the weights would hide what they learn. */
export const STEP_RATE = 1;

export const buildNetwork = (
  trainer: TrainerApi,
  { pictures }: Network,
  files: ModelFiles,
): Promise<BuiltModel> =>
  trainer.build({ name: 'brought', files, inputShape: pictures, classes: 10, seed: 1 });

/** One lease of one step: the whole network on all pictures at once, without momentum and decay. */
export async function stepOnce(
  trainer: TrainerApi,
  built: BuiltModel,
  examples: Examples,
): Promise<NetworkStep> {
  const task = { ...wholeTask, schedule: constantRate(STEP_RATE) };
  const { loss, envelope } = await trainer.work(stepJob(built, examples, task));
  const opened = openEnvelope(envelope);
  if (!opened.ok) throw new Error(opened.reason);
  const tensors = expectedTensors(built.outline, task.trains);
  const update = decodeUpdate(opened.value, { codec: { name: 'f32' }, tensors });
  if (!update.ok) throw new Error(update.reason);
  const starts = startsOf(built);
  const moves = tensors.map(({ segment, tensor, statistic }, i) => {
    const start = starts.get(`${segment}/${tensor}`) ?? new Float32Array();
    const sent = update.value[i] ?? new Float32Array();
    // A statistic is sent as it is.
    const delta = statistic === undefined ? sent : sent.map((value, j) => value - (start[j] ?? 0));
    return { name: tensor, start, delta };
  });
  return { loss, moves };
}

/** The whole network's mean loss on pictures, with the weights of these segments. */
export async function lossOn(
  trainer: TrainerApi,
  built: BuiltModel,
  segments: LeaseJob['segments'],
  examples: Examples,
): Promise<number> {
  const { loss } = await trainer.work({ ...stepJob(built, examples, evaluatorTask), segments });
  return loss;
}

function stepJob(built: BuiltModel, examples: Examples, task: LeaseJob['task']): LeaseJob {
  const file = encodePart(examples);
  const count = examples.labels.length;
  return {
    ...leaseJob(built, task),
    ...{ batch: count, microBatch: count, momentum: 0, weightDecay: 0 },
    examples: { kind: 'parts', hashes: [sha256Hex(file)], files: [file] },
  };
}

/** All weights of version 0, by segment and name. */
function startsOf(built: BuiltModel): Map<string, Float32Array> {
  const all = Object.entries(segmentFiles(built)).flatMap(([segment, { tensors, shards }]) => {
    const read = readShards(tensors, shards);
    if (!read.ok) throw new Error(read.reason);
    return read.value.map(({ name, values }): [string, Float32Array] => [`${segment}/${name}`, values]);
  });
  return new Map(all);
}

/** Pictures as numbers up to `white`, one after another. */
export const numbersOf = ({ pixels }: Examples, { white }: Network): Float32Array =>
  Float32Array.from(pixels, value => (value / 255) * white);
