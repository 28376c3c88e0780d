import { createRandom, shuffled } from '../../../../shared/math/random.ts';
import { rateAt } from '../../../../shared/plan/task/schedule.ts';
import type { Task } from '../../../../shared/protocol/lease.ts';
import type { RunSpec } from '../../../../shared/protocol/run-spec.ts';
import { addGradients, backward, crossEntropy, forward } from './dense-layer.ts';
import type { DenseLayer, DenseNetwork } from './dense-network.ts';
import { type LabelledRows, selectRows } from './pictures.ts';

/** Kernel and bias of each layer in turn, by segment. */
export type DenseWeights = ReadonlyMap<string, readonly Float32Array[]>;

export interface TrainedTask {
  /** The change of each tensor that the task trains, in the order in which an update carries them. */
  readonly changes: readonly Float32Array[];
  /** Mean training loss. */
  readonly loss: number;
}

/** A layer on the way to the logits, with what a step of training needs of it. */
interface Place {
  readonly segment: string;
  readonly layer: DenseLayer;
  readonly weights: readonly [Float32Array, Float32Array];
  readonly gradients: readonly [Float32Array, Float32Array];
  readonly velocities: readonly [Float32Array, Float32Array];
  readonly isTrained: boolean;
  readonly out: Float32Array;
  readonly dOut: Float32Array;
}

/**
 * Trains one lease as the trainer does: frozen segments once, then SGD with Nesterov momentum and weight decay
 * (`client/trainer/training/nesterov-sgd`) on the task's cosine. Velocities begin at zero.
 * @throws if the task has several exits, or one that is distilled: a plan for which this trainer is too small
 */
export function trainTask(
  network: DenseNetwork,
  weights: DenseWeights,
  task: Task,
  examples: LabelledRows,
  { batch, momentum, weightDecay }: Pick<RunSpec['training'], 'batch' | 'momentum' | 'weightDecay'>,
  seed: string,
): TrainedTask {
  const [exit, ...others] = task.exits;
  if (!exit || others.length > 0 || exit.distils.length > 0)
    throw new Error(`a task of the ${task.role} with several exits is too much for this bench's trainer`);
  const seen = frozenOutput(network, weights, task.frozen, examples);
  const places = placesOf(network, weights, [...task.path, ...exit.through], task.trains, batch);
  const steps = task.epochs * Math.ceil(seen.labels.length / batch);
  const random = createRandom('attacks-order', seed);
  let [step, loss] = [0, 0];
  for (let epoch = 0; epoch < task.epochs; epoch++) {
    const order = shuffled(random, [...seen.labels.keys()]);
    for (let from = 0; from < order.length; from += batch) {
      loss += takeGradients(places, selectRows(seen, order.slice(from, from + batch)));
      for (const place of places)
        if (place.isTrained)
          moveBy(place, rateAt(task.schedule, place.segment, step / steps), momentum, weightDecay);
      step += 1;
    }
  }
  const changes = task.trains.flatMap(id => changesOf(weights.get(id) ?? [], places, id));
  return { changes, loss: loss / Math.max(1, task.epochs * seen.labels.length) };
}

/** The outputs of these body segments for all examples; the examples themselves if there are none. */
function frozenOutput(
  network: DenseNetwork,
  weights: DenseWeights,
  frozen: readonly string[],
  examples: LabelledRows,
): LabelledRows {
  const count = examples.labels.length;
  let seen = examples;
  for (const { layer, weights: own, out } of placesOf(network, weights, frozen, [], count)) {
    forward(layer, own, seen.inputs, out, count);
    seen = { inputs: out, labels: examples.labels, size: layer.outputs };
  }
  return seen;
}

/** @returns the logits of all examples, row after row */
export const logitsOf = (
  network: DenseNetwork,
  weights: DenseWeights,
  segments: readonly string[],
  examples: LabelledRows,
): Float32Array => frozenOutput(network, weights, segments, examples).inputs;

function placesOf(
  { segments }: DenseNetwork,
  weights: DenseWeights,
  ids: readonly string[],
  trains: readonly string[],
  examples: number,
): Place[] {
  return ids.flatMap(id => {
    const [layers, arrays] = [segments.get(id)?.layers, weights.get(id)];
    if (!layers || !arrays) throw new Error(`the network has no segment ${id}`);
    return layers.map((layer, i): Place => {
      const pair = (make: (of: Float32Array) => Float32Array) =>
        [make(arrayAt(arrays, 2 * i)), make(arrayAt(arrays, 2 * i + 1))] as const;
      const isTrained = trains.includes(id);
      const none = (of: Float32Array) => new Float32Array(isTrained ? of.length : 0);
      return {
        ...{ segment: id, layer, isTrained, gradients: pair(none), velocities: pair(none) },
        weights: pair(of => (isTrained ? of.slice() : of)),
        out: new Float32Array(examples * layer.outputs),
        dOut: new Float32Array(isTrained || trains.length > 0 ? examples * layer.outputs : 0),
      };
    });
  });
}

function arrayAt(arrays: readonly Float32Array[], index: number): Float32Array {
  const array = arrays[index];
  if (!array) throw new Error('a layer lacks its weights');
  return array;
}

/** Forward and backward over one batch. The gradients are of its mean loss. @returns the sum of the losses */
function takeGradients(places: readonly Place[], { inputs, labels }: LabelledRows): number {
  const count = labels.length;
  let x = inputs;
  for (const { layer, weights, out } of places) {
    forward(layer, weights, x, out, count);
    x = out;
  }
  const last = places.at(-1);
  if (!last) throw new Error('a task has a path');
  last.dOut.set(last.out);
  const loss = crossEntropy(last.dOut, labels, last.layer.outputs);
  const first = places.findIndex(({ isTrained }) => isTrained);
  for (let at = places.length - 1; at >= first; at--) {
    const { layer, weights, gradients, dOut, isTrained } = places[at] ?? last;
    const before = places[at - 1];
    if (isTrained) addGradients(layer, before?.out ?? inputs, dOut, gradients, count);
    if (before && at > first) backward(layer, weights[0], before.out, dOut, before.dOut, count);
  }
  return loss;
}

/** g ← g + λw; v ← μv + g; w ← w − η(g + μv). The gradients are zero again. */
function moveBy({ weights, gradients, velocities }: Place, rate: number, momentum: number, decay: number) {
  for (const [k, w] of weights.entries()) {
    const [g, v] = [arrayAt(gradients, k), arrayAt(velocities, k)];
    for (let i = 0; i < w.length; i++) {
      const gradient = (g[i] as number) + decay * (w[i] as number);
      const velocity = momentum * (v[i] as number) + gradient;
      v[i] = velocity;
      w[i] = (w[i] as number) - rate * (gradient + momentum * velocity);
      g[i] = 0;
    }
  }
}

function changesOf(before: readonly Float32Array[], places: readonly Place[], id: string): Float32Array[] {
  const after = places.filter(({ segment }) => segment === id).flatMap(({ weights }) => weights);
  return after.map((values, k) => {
    const old = arrayAt(before, k);
    return values.map((value, i) => value - (old[i] as number));
  });
}
