import type * as tfl from '@tensorflow/tfjs-layers';
import { measuredSides } from '../../client/host/zoo/measured-sides.ts';
import { placesToCut } from '../../client/trainer/models/choose-cuts.ts';
import { outputSizes } from '../../client/trainer/models/layer-cost.ts';
import { inputLayerClass, type ModelGraph, ModelRefusal } from '../../client/trainer/models/model-graph.ts';
import { buildZooModel } from '../../client/trainer/models/model-zoo.ts';
import { graphOf } from '../../client/trainer/models/topology/read-topology.ts';
import { elementsOf } from '../../shared/protocol/elements-of.ts';
import { zooEntries } from '../../shared/protocol/model-zoo.ts';

/** A place of a network where it may be cut, as `client/host/zoo/zoo-costs.json` has it. */
type PlaceRow = readonly [number, number, number, number, number, number, number];

/** What a network costs for colour pictures of this side in ten classes, up to each place where it may be cut. */
export function measureZoo(name: string, side: number): { inputs: number; places: PlaceRow[] } {
  const model = buildZooModel({ name, inputShape: [side, side, 3], classes: 10, seed: 1 });
  try {
    const graph = graphOf(model);
    const places = placesToCut(model, graph).map(({ after, parameters, activations, macs }): PlaceRow => {
      const [height = 0, width = 0, channels = 0] = after === '' ? [] : pictureSizes(model, after);
      return [parameters, normsUpTo(model, graph, after), activations, macs, height, width, channels];
    });
    return { inputs: model.getLayer('logits').weights[0]?.shape[0] ?? 0, places };
  } finally {
    model.dispose();
  }
}

/** A vector is a picture of one place. */
function pictureSizes(model: tfl.LayersModel, after: string): number[] {
  const sizes = outputSizes(model.getLayer(after));
  return sizes.length === 1 ? [1, 1, ...sizes] : sizes;
}

/** Numbers of all norms up to a layer. Batch norm keeps as many statistics. */
function normsUpTo(model: tfl.LayersModel, { layers }: ModelGraph, after: string): number {
  const end = layers.findIndex(({ name }) => name === after);
  return layers
    .slice(0, end + 1)
    .filter(({ className }) => className === 'GroupNormalization')
    .flatMap(({ name }) => model.getLayer(name).trainableWeights)
    .reduce((sum, { shape }) => sum + elementsOf(shape.map(size => size ?? 1)), 0);
}

/** The least side of pictures of which something reaches each layer and of which the network can be cut in two. */
export function leastSide(name: string): number {
  for (let side = 1; ; side++) if (canBeBuilt(name, side)) return side;
}

function canBeBuilt(name: string, side: number): boolean {
  const model = buildOrNull(name, side);
  if (!model) return false;
  try {
    const layers = graphOf(model).layers.filter(({ className }) => className !== inputLayerClass);
    return layers.every(layer => elementsOf(outputSizes(model.getLayer(layer.name))) > 0);
  } catch (error) {
    if (error instanceof ModelRefusal) return false;
    throw error;
  } finally {
    model.dispose();
  }
}

/** The libraries refuse a layer whose output would be empty. */
function buildOrNull(name: string, side: number): tfl.LayersModel | null {
  try {
    return buildZooModel({ name, inputShape: [side, side, 3], classes: 10, seed: 1 });
  } catch {
    return null;
  }
}

/** The file that the form of the page reads. Batch norm costs what group norm costs, but for its statistics. */
export const zooCosts = () =>
  Object.fromEntries(
    zooEntries
      .filter(({ norm }) => norm === 'group')
      .map(({ name }) => {
        const least = leastSide(name);
        const sides = measuredSides.filter(side => side >= least);
        return [name, { least, sides: sides.map(side => ({ side, ...measureZoo(name, side) })) }];
      }),
  );
