import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { readShards } from '../../shared/codec/shard-layout.ts';
import { parseJsonBytes } from '../../shared/math/utf8.ts';
import { registerLayers } from './layers/register-layers.ts';
import type { SegmentFiles, SegmentTopology } from './trainer-api.ts';

/** Models of segments kept from lease to lease: building one costs more than setting its weights. */
const MAX_MODELS = 8;

/** A segment's model holding the weights of the lease in hand. */
export interface LoadedSegment {
  readonly model: tfl.LayersModel;
  /** The weights it was loaded with, by tensor in the outline's order: what deltas are taken against. */
  readonly start: readonly Float32Array[];
  readonly variables: readonly tf.Variable[];
}

/** Builds segments from their topology once, and fills them with each lease's weights. Owns its models. */
export class SegmentModels {
  private readonly models = new Map<string, tfl.LayersModel>();

  /** @throws where topology and shards are not those of the outline: the version is broken, not this device */
  async load(files: SegmentFiles): Promise<LoadedSegment> {
    const model = await this.model(files);
    const tensors = readShards(files.tensors, files.shards);
    if (!tensors.ok)
      throw new Error(`a segment's shards do not hold its tensors: ${tensors.detail ?? tensors.reason}`);
    const byName = new Map(model.weights.map(weight => [weight.originalName, weight.read() as tf.Variable]));
    const variables = tensors.value.map(({ name, shape, values }) => {
      const variable = byName.get(name);
      if (!variable) throw new Error(`a segment's topology has no tensor ${name}`);
      tf.tidy(() => variable.assign(tf.tensor(values, [...shape])));
      return variable;
    });
    return { model, variables, start: tensors.value.map(tensor => tensor.values) };
  }

  /** A segment with whatever weights its model holds: for what depends on shapes alone. */
  async blank(files: SegmentTopology): Promise<LoadedSegment> {
    return { model: await this.model(files), variables: [], start: [] };
  }

  dispose(): void {
    for (const model of this.models.values()) model.dispose();
    this.models.clear();
  }

  private async model({ topologyHash, topology }: SegmentTopology): Promise<tfl.LayersModel> {
    registerLayers();
    const known = this.models.get(topologyHash);
    const model =
      known ??
      (await tfl.models.modelFromJSON(
        parseJsonBytes(topology) as Parameters<typeof tfl.models.modelFromJSON>[0],
      ));
    // Taken out and put back: a Map keeps its order, so the first one is the longest unused.
    this.models.delete(topologyHash);
    this.models.set(topologyHash, model);
    const [oldest] = this.models;
    if (oldest && this.models.size > MAX_MODELS) {
      oldest[1].dispose();
      this.models.delete(oldest[0]);
    }
    return model;
  }
}

/** The segments of a lease's task, by id. */
export type Loaded = Readonly<Record<string, LoadedSegment>>;

export const pick = (loaded: Loaded, ids: readonly string[]): LoadedSegment[] =>
  ids.map(id => {
    const segment = loaded[id];
    if (!segment) throw new Error(`the lease lacks segment ${id}`);
    return segment;
  });

/** Inference through a chain of segments. Makes tensors: call within `tidy`. */
export const runChain = (chain: readonly LoadedSegment[], input: tf.Tensor, training = false): tf.Tensor =>
  chain.reduce((x, { model }) => model.apply(x, { training }) as tf.Tensor, input);
