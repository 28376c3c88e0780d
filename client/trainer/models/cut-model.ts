import type * as tfl from '@tensorflow/tfjs-layers';
import * as z from 'zod';
import type { NamedTensor } from '../../../shared/codec/safetensors.ts';
import { layerMacs, outputElements, outputSizes } from './layer-cost.ts';

/** A run of layers taken out of a network, able to stand alone. */
export interface CutSegment {
  /** tf.layers topology JSON, as `model.toJSON` writes it. */
  readonly topology: string;
  readonly layers: readonly string[];
  readonly tensors: readonly NamedTensor[];
  /** Shape of one example's output. */
  readonly outputShape: readonly number[];
  readonly macs: number;
  readonly activations: number;
}

/**
 * Cuts a chain of layers after the named ones. A segment keeps its layers' names, so its tensors are named as in the
 * whole network.
 * @throws where a cut names no layer of the network, or the last one
 */
export function cutModel(model: tfl.Sequential, cuts: readonly string[]): CutSegment[] {
  const ends = cuts.map(cut => {
    const index = model.layers.findIndex(layer => layer.name === cut);
    if (index < 0 || index === model.layers.length - 1)
      throw new Error(`${model.name} cannot be cut after ${cut}`);
    return index + 1;
  });
  const borders = [0, ...ends, model.layers.length];
  return borders.slice(1).map((end, i) => describeSegment(model, `${model.name}-${i + 1}`, borders[i], end));
}

/** A whole model, or its layers from `start` to before `end`, as a segment. */
export function describeSegment(
  model: tfl.Sequential,
  name: string,
  start = 0,
  end = model.layers.length,
): CutSegment {
  const layers = model.layers.slice(start, end);
  const last = layers.at(-1);
  if (!last) throw new Error(`segment ${name} of ${model.name} has no layers`);
  return {
    topology: JSON.stringify(writeTopology(model, name, start, end)),
    layers: layers.map(layer => layer.getClassName()),
    tensors: readTensors(layers),
    outputShape: outputSizes(last),
    macs: sum(layers, layerMacs),
    activations: sum(layers, outputElements),
  };
}

/** The model's own topology JSON with these layers alone; the first is told the shape of what comes in. */
function writeTopology(model: tfl.Sequential, name: string, start: number, end: number) {
  const whole = topologySchema.parse(model.toJSON(null, false));
  const layers = whole.config.layers
    .slice(start, end)
    .map((layer, i) =>
      i > 0
        ? layer
        : { ...layer, config: { ...layer.config, batch_input_shape: inputShapeOf(model.layers[start]) } },
    );
  return { ...whole, config: { ...whole.config, name, layers } };
}

/** As much of a Sequential's JSON as is changed here; the rest passes through. */
const topologySchema = z.looseObject({
  config: z.looseObject({ layers: z.array(z.looseObject({ config: z.looseObject({}) })) }),
});

function inputShapeOf(layer: tfl.layers.Layer | undefined) {
  if (!layer || Array.isArray(layer.input)) throw new Error(`layer ${layer?.name} has not one input`);
  return layer.input.shape;
}

/** The tensors of layers under their own names, whatever tfjs renamed them to because two models live at once. */
const readTensors = (layers: readonly tfl.layers.Layer[]): NamedTensor[] =>
  layers.flatMap(layer =>
    layer.weights.map(weight => ({
      name: weight.originalName,
      shape: weight.shape.map(size => size ?? 1),
      values: Float32Array.from(weight.read().dataSync()),
    })),
  );

const sum = (layers: readonly tfl.layers.Layer[], cost: (layer: tfl.layers.Layer) => number): number =>
  layers.reduce((total, layer) => total + cost(layer), 0);
