import type * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { range } from '../../client/trainer/examples/batches.ts';
import { oneHot } from '../../client/trainer/examples/examples.ts';
import type { Loaded } from '../../client/trainer/models/segment-models.ts';

/** Segments by hand: each so many dense layers of one width on inputs of another, tanh unless they are to give logits. */
export interface DenseShape {
  readonly inputs: number;
  readonly units: number;
  readonly layers?: number;
  readonly isLogits?: boolean;
}

/** Models by segment, weights drawn from a seed; the caller disposes. */
export const denseSegments = (shapes: Readonly<Record<string, DenseShape>>): Loaded =>
  Object.fromEntries(
    Object.entries(shapes).map(([id, shape], i) => [
      id,
      { model: denseModel(shape, 10 * i), start: [], variables: [] },
    ]),
  );

function denseModel(
  { inputs, units, layers = 1, isLogits = false }: DenseShape,
  seed: number,
): tfl.LayersModel {
  const model = tfl.sequential();
  for (let i = 0; i < layers; i++)
    model.add(
      tfl.layers.dense({
        units,
        ...(i === 0 ? { inputShape: [inputs] } : {}),
        ...(isLogits ? {} : { activation: 'tanh' }),
        kernelInitializer: tfl.initializers.glorotNormal({ seed: seed + i }),
      }),
    );
  return model;
}

export function disposeSegments(loaded: Loaded): void {
  for (const { model } of Object.values(loaded)) model.dispose();
}

/** One-hot rows of classes in turn. */
export const labelsInTurn = (count: number, classes: number): tf.Tensor2D =>
  oneHot(
    Uint8Array.from({ length: count }, (_, i) => i % classes),
    range(count),
    classes,
  );
