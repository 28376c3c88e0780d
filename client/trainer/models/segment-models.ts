import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type { NamedTensor } from '../../../shared/codec/safetensors.ts';
import { readShards } from '../../../shared/codec/shard-layout.ts';
import { gatherAt, slicePositions } from '../../../shared/math/slice-positions.ts';
import { branchesIn, isSameExit } from '../../../shared/plan/task/exits.ts';
import type { ChannelSlices } from '../../../shared/protocol/channels.ts';
import { type Branch, branchesOf, type Exit, type Task } from '../../../shared/protocol/lease.ts';
import type { OutlineTensor } from '../../../shared/protocol/model-outline.ts';
import { keptChannels, narrowSegment, spansOf } from '../../../shared/protocol/narrow-outline.ts';
import type { SegmentFiles, SegmentTopology } from '../trainer-api.ts';
import { buildSegment, checkSegment } from './build-segment.ts';
import { ModelRefusal } from './model-graph.ts';

/** How many models of segments are kept from lease to lease: building one costs more than setting its weights. */
const MAX_MODELS = 8;

/** A segment's model with the weights of the lease in hand. */
export interface LoadedSegment {
  readonly model: tfl.LayersModel;
  /** The weights that were loaded, by tensor in the outline's order; deltas are taken against them. */
  readonly start: readonly Float32Array[];
  readonly variables: readonly tf.Variable[];
}

/** The segments of a lease's task, by id. */
export type Loaded = Readonly<Record<string, LoadedSegment>>;

/** Builds each segment from its topology once, and fills it with every lease's weights. Owns its models. */
export class SegmentModels {
  private readonly models = new Map<string, tfl.LayersModel>();

  /**
   * Loads all segments of a lease. Models that it does not use are disposed of, except for the few that are kept.
   * @param slices of the task, if it has a part of the channels
   * @throws ModelRefusal as `load` does
   */
  async loadAll(segments: Readonly<Record<string, SegmentFiles>>, slices?: ChannelSlices): Promise<Loaded> {
    const loaded: Record<string, LoadedSegment> = {};
    for (const [id, files] of Object.entries(segments)) loaded[id] = await this.load(files, slices);
    this.letGoUnused(segments, slices);
    return loaded;
  }

  /**
   * All segments of a task with whatever weights their models hold, for work that depends on shapes alone.
   * @throws ModelRefusal if a topology is not what the outline describes
   */
  async blankAll(
    segments: Readonly<Record<string, SegmentTopology>>,
    slices?: ChannelSlices,
  ): Promise<Loaded> {
    const loaded: Record<string, LoadedSegment> = {};
    for (const [id, files] of Object.entries(segments))
      loaded[id] = { model: await this.model(files, slices), variables: [], start: [] };
    this.letGoUnused(segments, slices);
    return loaded;
  }

  /**
   * Loads one segment; disposes of no other.
   * @throws ModelRefusal if topology and shards are not those of the outline: the version is broken, not this device
   */
  async load(files: SegmentFiles, slices?: ChannelSlices): Promise<LoadedSegment> {
    const tensors = readShards(files.tensors, files.shards);
    if (!tensors.ok)
      throw new ModelRefusal(
        `a segment's shards do not hold its tensors: ${tensors.detail ?? tensors.reason}`,
      );
    const model = await this.model(files, slices);
    const byName = new Map(model.weights.map(weight => [weight.originalName, weight.read() as tf.Variable]));
    const loaded = slices ? narrowTensors(files.tensors, tensors.value, slices) : tensors.value;
    const variables = loaded.map(({ name, shape, values }) => {
      const variable = byName.get(name);
      if (!variable) throw new ModelRefusal(`a segment's topology has no tensor ${name}`);
      tf.tidy(() => variable.assign(tf.tensor(values, [...shape])));
      return variable;
    });
    return { model, variables, start: loaded.map(tensor => tensor.values) };
  }

  dispose(): void {
    for (const model of this.models.values()) model.dispose();
    this.models.clear();
  }

  private async model(files: SegmentTopology, slices?: ChannelSlices): Promise<tfl.LayersModel> {
    const key = modelKey(files, slices);
    const known = this.models.get(key);
    if (known) checkSegment(known, narrowSegment(files, slices));
    const model = known ?? (await buildSegment(files, slices));
    // It is taken out and put back. A Map keeps its order, so the first one is the longest unused.
    this.models.delete(key);
    this.models.set(key, model);
    return model;
  }

  /** The longest unused go first, but never one of these segments: a task may have more of them than are kept. */
  private letGoUnused(
    segments: Readonly<Record<string, SegmentTopology>>,
    slices: ChannelSlices | undefined,
  ): void {
    const used = new Set(Object.values(segments).map(files => modelKey(files, slices)));
    for (const [key, model] of this.models) {
      if (this.models.size <= MAX_MODELS) return;
      if (used.has(key)) continue;
      model.dispose();
      this.models.delete(key);
    }
  }
}

/** Layers depend on how many channels a task has, and not on which. */
const modelKey = ({ topologyHash }: SegmentTopology, slices: ChannelSlices = []): string =>
  [topologyHash, ...slices.map(keptChannels)].join();

/** The weights that slices leave. */
const narrowTensors = (
  outlined: readonly OutlineTensor[],
  tensors: readonly NamedTensor[],
  slices: ChannelSlices,
): NamedTensor[] =>
  outlined.flatMap((tensor, i) => {
    const [values, spans] = [tensors[i]?.values, spansOf(tensor, slices)];
    if (!values) return [];
    const shape = spans.map(axis => axis.reduce((sum, { count }) => sum + count, 0));
    return [{ name: tensor.name, shape, values: gatherAt(values, slicePositions(tensor.shape, spans)) }];
  });

/** What an evaluator runs. */
export interface EvaluatedTask extends Pick<Task, 'path'> {
  readonly exits: readonly Exit[];
}

export const pick = (loaded: Loaded, ids: readonly string[]): LoadedSegment[] =>
  ids.map(id => {
    const segment = loaded[id];
    if (!segment) throw new Error(`the lease lacks segment ${id}`);
    return segment;
  });

/**
 * Inference from pixels to the logits of a task's first exit, [n, classes]: along the path, and through every branch
 * of the exit. Makes tensors: call within `tidy`.
 */
export function runExit(loaded: Loaded, task: EvaluatedTask, input: tf.Tensor): tf.Tensor {
  const [logits] = runExits(loaded, task, input);
  if (!logits) throw new Error('a task without an exit has no logits');
  return logits;
}

/** The same of all exits of a task. What they have in common runs once. */
export function runExits(loaded: Loaded, { path, exits }: EvaluatedTask, input: tf.Tensor): tf.Tensor[] {
  const features = new Map<string, tf.Tensor>();
  path.reduce((x, id) => {
    const output = runChain(pick(loaded, [id]), x);
    features.set(id, output);
    return output;
  }, input);
  const known = branchesIn(exits).map(branch => ({
    branch,
    logits: runChain(pick(loaded, branch.through), featuresAfter(features, branch.after)),
  }));
  const logitsOf = (wanted: Branch): tf.Tensor[] =>
    known.filter(({ branch }) => isSameExit(branch, wanted)).map(({ logits }) => logits);
  return exits.map(exit => joinLogits(exit, branchesOf(exit).flatMap(logitsOf)));
}

/** The logits of an exit of those of its branches: their sum, or the logarithms of their mean probabilities. */
export function joinLogits({ joined = 'sum' }: Exit, branches: readonly tf.Tensor[]): tf.Tensor {
  const add = (tensors: readonly tf.Tensor[]): tf.Tensor => tensors.reduce((sum, next) => tf.add(sum, next));
  if (joined === 'sum' || branches.length === 1) return add(branches);
  return tf.log(tf.div(add(branches.map(logits => tf.softmax(logits))), branches.length));
}

/** @throws if a task's path does not pass that segment */
export function featuresAfter(features: ReadonlyMap<string, tf.Tensor>, segment: string): tf.Tensor {
  const found = features.get(segment);
  if (!found) throw new Error(`the task's path does not pass ${segment}`);
  return found;
}

/** Inference through a chain of segments. Makes tensors: call within `tidy`. */
export const runChain = (chain: readonly LoadedSegment[], input: tf.Tensor, training = false): tf.Tensor =>
  chain.reduce((x, { model }) => model.apply(x, { training }) as tf.Tensor, input);
