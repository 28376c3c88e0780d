import type * as tfl from '@tensorflow/tfjs-layers';
import {
  type Place as CostPlace,
  choosePlaces,
  mostSegments,
} from '../../../shared/plan/cost/choose-places.ts';
import { elementsOf } from '../../../shared/protocol/elements-of.ts';
import type { ModelRequest } from '../trainer-api.ts';
import { checkCuts, MAX_SEGMENTS } from './check-cuts.ts';
import { crossings } from './graph-cuts.ts';
import { layerActivations, layerMacs, outputElements } from './layer-cost.ts';
import { inputLayerClass, type ModelGraph, ModelRefusal } from './model-graph.ts';

/** A place where the network may be cut. */
interface Place extends CostPlace {
  /** The layer after which the cut would be; empty at the input's end. */
  readonly after: string;
  readonly macs: number;
  /** Whether it is another view of the numbers before it, and no longer a picture. */
  readonly isFlat: boolean;
}

/**
 * The layers after which a network is cut: those that were asked for, or those that cost least memory.
 * @throws ModelRefusal if it cannot be cut so
 */
export function cutsFor(
  { cuts, segments = 2 }: Pick<ModelRequest, 'cuts' | 'segments'>,
  model: tfl.LayersModel,
  graph: ModelGraph,
): readonly string[] {
  if (cuts) return checkCuts(graph, cuts).map(({ after }) => after);
  if (!Number.isInteger(segments) || segments < 1 || segments > MAX_SEGMENTS)
    throw new ModelRefusal(`${graph.name} is cut into 1 to ${MAX_SEGMENTS} segments, not ${segments}`);
  return chooseCuts(model, graph, segments);
}

/**
 * Chooses where a network is cut into this many segments. The largest memory of a role "train segment k, those before
 * it frozen" is to be the smallest; near that, the fewest features are to cross (shared/plan/README.md, "Where to cut").
 * @param model holds the graph's layers, built
 * @returns the layers after which it is cut, from input to output, one fewer than segments
 * @throws ModelRefusal if one tensor alone crosses at too few places between layers with weights
 */
export function chooseCuts(model: tfl.LayersModel, graph: ModelGraph, segments: number): string[] {
  const places = placesToCut(model, graph);
  const chosen = choosePlaces(places, segments);
  if (!chosen) throw tooFewPlaces(model, graph, places);
  return chosen.map(({ after }) => after);
}

function tooFewPlaces(model: tfl.LayersModel, graph: ModelGraph, places: readonly Place[]): ModelRefusal {
  const { name } = graph;
  const weighted = graph.layers
    .filter(({ className }) => className !== inputLayerClass)
    .map(layer => model.getLayer(layer.name))
    .filter(({ weights }) => weights.length > 0);
  const trained = weighted.filter(({ trainableWeights }) => trainableWeights.length > 0);
  const because = describeFrozen(weighted.length - trained.length);
  const [only, ...others] = trained;
  if (!only) return new ModelRefusal(`${name} has no weights to train${because}`);
  if (others.length === 0)
    return new ModelRefusal(
      `${name} cannot be cut in two: only layer ${only.name} has weights to train, and each segment needs some${because}. The plan conventional trains it in 1 segment`,
    );
  const most = mostSegments(places);
  const where = 'between layers with weights to train where one tensor alone crosses';
  return new ModelRefusal(
    most < 2
      ? `${name} cannot be cut in two: there is no place ${where} (a skip connection goes past every one of them)${because}`
      : `${name} can be cut into at most ${most} segments: there are no more places ${where}${because}`,
  );
}

const describeFrozen = (layers: number): string =>
  layers === 0 ? '' : `. ${layers} ${layers === 1 ? 'layer is' : 'layers are'} frozen (trainable: false)`;

/** The network's beginning, the places worth a cut, and its end. */
export function placesToCut(model: tfl.LayersModel, graph: ModelGraph): Place[] {
  const upTo = costsUpTo(model, graph);
  const found = crossings(graph).flatMap(({ place }) => upTo[place] ?? []);
  const [end] = upTo.slice(-1);
  const start = { after: '', parameters: 0, activations: 0, macs: 0, features: 0, isFlat: false };
  return [
    start,
    ...found.filter((place, i) => isWorthACut(place, found[i - 1], found[i + 1])),
    ...(end ? [end] : []),
  ];
}

/**
 * Before the first weights there is nothing to train. A norm, a ReLU or a pool multiplies nothing, so it stays with
 * the convolution before it, unless the cut behind it would have more features. And a head looks at a picture, if
 * there is one.
 */
function isWorthACut(place: Place, before: Place | undefined, after: Place | undefined): boolean {
  if (place.parameters === 0) return false;
  if (place.isFlat) return before?.features !== place.features;
  return !after || after.isFlat || after.macs > place.macs || after.features > place.features;
}

/** For each layer of the graph, what the network costs up to and including it. */
function costsUpTo(model: tfl.LayersModel, { layers }: ModelGraph): Place[] {
  let [parameters, activations, macs] = [0, 0, 0];
  return layers.map(({ name, className }) => {
    // A chain's graph has an input that its model has not.
    if (className === inputLayerClass)
      return { after: name, parameters, activations, macs, features: 0, isFlat: false };
    const layer = model.getLayer(name);
    parameters += parametersOf(layer);
    activations += layerActivations(layer);
    macs += layerMacs(layer);
    const isFlat = className === 'Flatten' || className === 'Reshape';
    return { after: name, parameters, activations, macs, features: outputElements(layer), isFlat };
  });
}

const parametersOf = (layer: tfl.layers.Layer): number =>
  layer.trainableWeights.reduce((sum, { shape }) => sum + elementsOf(shape.map(size => size ?? 1)), 0);
