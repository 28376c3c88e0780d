import type * as tfl from '@tensorflow/tfjs-layers';
import { elementsOf } from '../../../shared/protocol/elements-of.ts';
import type { ModelRequest } from '../trainer-api.ts';
import { checkCuts, MAX_SEGMENTS } from './check-cuts.ts';
import { crossings } from './graph-cuts.ts';
import { layerActivations, layerMacs, outputElements } from './layer-cost.ts';
import { inputLayerClass, type ModelGraph, ModelRefusal } from './model-graph.ts';

/** A run's batch, unless the run sets another. */
const BATCH = 32;

/**
 * Among cuts this near the best, those with the fewest features win, because a teacher keeps the features for a whole
 * lease.
 */
const NEAR = 1.05;

/** A place where the network may be cut, and what the network costs up to there. Its two ends are places too. */
interface Place {
  /** The layer after which the cut would be; empty at the input's end. */
  readonly after: string;
  readonly parameters: number;
  readonly activations: number;
  readonly macs: number;
  /** Numbers that cross here for one example. */
  readonly features: number;
  /** Whether it is another view of the numbers before it, and no longer a picture. */
  readonly isFlat: boolean;
}

/**
 * The cheapest way to a place: the features at its cuts, the memory of its dearest role, and the way to the place
 * before.
 */
interface Way {
  readonly features: number;
  readonly bytes: number;
  readonly before: Way | null;
  readonly place: Place;
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
  const best = cheapestWay(places, segments, Number.POSITIVE_INFINITY, () => 0);
  if (!best) throw tooFewPlaces(model, graph, places);
  const light = cheapestWay(places, segments, NEAR * best.bytes, ({ features }) => features);
  return cutsOf(light ?? best);
}

/**
 * A dynamic programme over the places: segments × places² steps, at most some 40 million for the largest network of a
 * host. Both scores only grow along a way, so the best way to a place begins with a best way to a place before it.
 */
function cheapestWay(
  places: readonly Place[],
  segments: number,
  maxBytes: number,
  featuresAt: (place: Place) => number,
): Way | null {
  const [start, ...rest] = places;
  if (!start) return null;
  let ways: (Way | null)[] = places.map(place =>
    place === start ? { features: 0, bytes: 0, before: null, place } : null,
  );
  for (let segment = 1; segment <= segments; segment++)
    ways = [
      null,
      ...rest.map((place, i) => bestTo(place, ways.slice(0, i + 1), maxBytes, featuresAt(place))),
    ];
  return ways.at(-1) ?? null;
}

function bestTo(place: Place, ways: readonly (Way | null)[], maxBytes: number, features: number): Way | null {
  let best: Way | null = null;
  for (const way of ways) {
    if (!way || way.place.parameters === place.parameters) continue;
    const bytes = Math.max(way.bytes, roleBytes(way.place, place));
    const total = way.features + features;
    const isBetter = !best || total < best.features || (total === best.features && bytes < best.bytes);
    if (bytes <= maxBytes && isBetter) best = { features: total, bytes, before: way, place };
  }
  return best;
}

/** Bytes to train what lies between two places behind what lies before: weights, gradients, momentum, activations. */
const roleBytes = (from: Place, to: Place): number =>
  12 * (to.parameters - from.parameters) +
  4 * from.parameters +
  4 * BATCH * (to.activations - from.activations);

/** The way's places without the network's two ends. */
function cutsOf(way: Way): string[] {
  const cuts: string[] = [];
  for (let at = way.before; at?.before; at = at.before) cuts.unshift(at.place.after);
  return cuts;
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
  const most = new Set(places.map(({ parameters }) => parameters)).size - 1;
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
