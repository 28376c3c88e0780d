import type * as tfl from '@tensorflow/tfjs-layers';
import { elementsOf } from '../../../shared/math/elements-of.ts';
import { type Crossing, crossings } from './graph-cuts.ts';
import { layerActivations, outputElements } from './layer-cost.ts';
import { type ModelGraph, ModelRefusal } from './model-graph.ts';

/** Of a run, unless it says otherwise. */
const BATCH = 32;

/** Among cuts so near the best, the one with the fewest features wins: a teacher keeps them for a whole lease. */
const NEAR = 1.05;

interface Costs {
  readonly parameters: number;
  readonly activations: number;
}

/**
 * Where a network is cut whose owner did not say: where the larger of the student's and the teacher's memory is smallest
 * (learning.md, "Where to cut").
 * @param model holds the graph's layers, built
 * @throws ModelRefusal where no single tensor crosses between layers with weights
 */
export function chooseCut(model: tfl.LayersModel, graph: ModelGraph): string {
  const layers = graph.layers.map(({ name }) => model.getLayer(name));
  const weighed = weigh(layers, crossings(graph))
    .filter(({ student, teacher }) => student.parameters > 0 && teacher.parameters > 0)
    .map(({ crossing, student, teacher }) => ({
      after: crossing.after,
      bytes: Math.max(trainedBytes(student), trainedBytes(teacher) + 4 * student.parameters),
      features: outputElements(model.getLayer(crossing.after)),
    }));
  const least = Math.min(...weighed.map(({ bytes }) => bytes));
  const [best] = weighed
    .filter(({ bytes }) => bytes <= NEAR * least)
    .toSorted((a, b) => a.features - b.features || a.bytes - b.bytes);
  if (!best)
    throw new ModelRefusal(
      `${graph.name} cannot be cut in two: there is no place between layers with weights where one tensor alone crosses (a skip connection goes past every one of them)`,
    );
  return best.after;
}

const trainedBytes = ({ parameters, activations }: Costs): number =>
  12 * parameters + 4 * BATCH * activations;

/** What stands up to each crossing, and what behind it. */
function weigh(layers: readonly tfl.layers.Layer[], found: readonly Crossing[]) {
  const upTo = [nothing];
  for (const layer of layers) upTo.push(add(upTo.at(-1) ?? nothing, costsOf(layer)));
  const total = upTo.at(-1) ?? nothing;
  return found.map(crossing => {
    const student = upTo[crossing.place + 1] ?? nothing;
    const { parameters, activations } = student;
    return {
      crossing,
      student,
      teacher: add(total, { parameters: -parameters, activations: -activations }),
    };
  });
}

const nothing: Costs = { parameters: 0, activations: 0 };

const costsOf = (layer: tfl.layers.Layer): Costs => ({
  parameters: parametersOf(layer),
  activations: layerActivations(layer),
});

const add = (a: Costs, b: Costs): Costs => ({
  parameters: a.parameters + b.parameters,
  activations: a.activations + b.activations,
});

const parametersOf = (layer: tfl.layers.Layer): number =>
  layer.trainableWeights.reduce((sum, { shape }) => sum + elementsOf(shape.map(size => size ?? 1)), 0);
