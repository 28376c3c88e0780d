import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { readShards } from '../../../shared/codec/shard-layout.ts';
import { branchesOf, type Task } from '../../../shared/protocol/lease.ts';
import type { SegmentFiles, SegmentTopology } from '../trainer-api.ts';
import { buildSegment, checkSegment } from './build-segment.ts';
import { ModelRefusal } from './model-graph.ts';

/** Models of segments kept from lease to lease: building one costs more than setting its weights. */
const MAX_MODELS = 8;

/** A segment's model holding the weights of the lease in hand. */
export interface LoadedSegment {
  readonly model: tfl.LayersModel;
  /** The weights it was loaded with, by tensor in the outline's order: what deltas are taken against. */
  readonly start: readonly Float32Array[];
  readonly variables: readonly tf.Variable[];
}

/** The segments of a lease's task, by id. */
export type Loaded = Readonly<Record<string, LoadedSegment>>;

/** Builds segments from their topology once, and fills them with each lease's weights. Owns its models. */
export class SegmentModels {
  private readonly models = new Map<string, tfl.LayersModel>();

  /**
   * All segments of a lease; models that it does not use are let go, beyond the few that are kept.
   * @throws ModelRefusal as `load` does
   */
  async loadAll(segments: Readonly<Record<string, SegmentFiles>>): Promise<Loaded> {
    const loaded: Record<string, LoadedSegment> = {};
    for (const [id, files] of Object.entries(segments)) loaded[id] = await this.load(files);
    this.letGoUnused(segments);
    return loaded;
  }

  /**
   * All segments of a task with whatever weights their models hold: for what depends on shapes alone.
   * @throws ModelRefusal where a topology is not what the outline tells
   */
  async blankAll(segments: Readonly<Record<string, SegmentTopology>>): Promise<Loaded> {
    const loaded: Record<string, LoadedSegment> = {};
    for (const [id, files] of Object.entries(segments))
      loaded[id] = { model: await this.model(files), variables: [], start: [] };
    this.letGoUnused(segments);
    return loaded;
  }

  /**
   * One segment; lets no other go.
   * @throws ModelRefusal where topology and shards are not those of the outline: the version is broken, not this device
   */
  async load(files: SegmentFiles): Promise<LoadedSegment> {
    const tensors = readShards(files.tensors, files.shards);
    if (!tensors.ok)
      throw new ModelRefusal(
        `a segment's shards do not hold its tensors: ${tensors.detail ?? tensors.reason}`,
      );
    const model = await this.model(files);
    const byName = new Map(model.weights.map(weight => [weight.originalName, weight.read() as tf.Variable]));
    const variables = tensors.value.map(({ name, shape, values }) => {
      const variable = byName.get(name);
      if (!variable) throw new ModelRefusal(`a segment's topology has no tensor ${name}`);
      tf.tidy(() => variable.assign(tf.tensor(values, [...shape])));
      return variable;
    });
    return { model, variables, start: tensors.value.map(tensor => tensor.values) };
  }

  dispose(): void {
    for (const model of this.models.values()) model.dispose();
    this.models.clear();
  }

  private async model(files: SegmentTopology): Promise<tfl.LayersModel> {
    const { topologyHash } = files;
    const known = this.models.get(topologyHash);
    if (known) checkSegment(known, files);
    const model = known ?? (await buildSegment(files));
    // Taken out and put back: a Map keeps its order, so the first one is the longest unused.
    this.models.delete(topologyHash);
    this.models.set(topologyHash, model);
    return model;
  }

  /** The longest unused go first, never one of these segments: a task may have more of them than are kept. */
  private letGoUnused(segments: Readonly<Record<string, SegmentTopology>>): void {
    const used = new Set(Object.values(segments).map(({ topologyHash }) => topologyHash));
    for (const [hash, model] of this.models) {
      if (this.models.size <= MAX_MODELS) return;
      if (used.has(hash)) continue;
      model.dispose();
      this.models.delete(hash);
    }
  }
}

/** What an evaluator runs. */
export type Answering = Pick<Task, 'path' | 'exits'>;

export const pick = (loaded: Loaded, ids: readonly string[]): LoadedSegment[] =>
  ids.map(id => {
    const segment = loaded[id];
    if (!segment) throw new Error(`the lease lacks segment ${id}`);
    return segment;
  });

/**
 * Inference from pixels to a task's first answer, [n, classes]: along its path, and by every branch that is added to it.
 * Makes tensors: call within `tidy`.
 */
export function runAnswer(loaded: Loaded, { path, exits }: Answering, input: tf.Tensor): tf.Tensor {
  const [exit] = exits;
  if (!exit) throw new Error('a task without an exit has no answer');
  const features = new Map<string, tf.Tensor>();
  path.reduce((x, id) => {
    const output = runChain(pick(loaded, [id]), x);
    features.set(id, output);
    return output;
  }, input);
  const logits = branchesOf(exit).map(({ after, through }) =>
    runChain(pick(loaded, through), featuresAfter(features, after)),
  );
  return logits.reduce((sum, branch) => tf.add(sum, branch));
}

/** @throws where a task's path does not come by that segment */
export function featuresAfter(features: ReadonlyMap<string, tf.Tensor>, segment: string): tf.Tensor {
  const found = features.get(segment);
  if (!found) throw new Error(`the task's path does not come by ${segment}`);
  return found;
}

/** Inference through a chain of segments. Makes tensors: call within `tidy`. */
export const runChain = (chain: readonly LoadedSegment[], input: tf.Tensor, training = false): tf.Tensor =>
  chain.reduce((x, { model }) => model.apply(x, { training }) as tf.Tensor, input);
