import { choosePlaces, mostSegments } from '../../../shared/plan/cost/choose-places.ts';
import { linearPatch } from '../../../shared/plan/cost/linear-grid.ts';
import type { HeadStyle } from '../../../shared/protocol/head-style.ts';
import type { ModelOutline, Segment } from '../../../shared/protocol/model-outline.ts';
import type { ImageShape } from '../../../shared/protocol/part-size.ts';
import { type ZooPlace, zooPlaces } from './zoo-places.ts';

export interface OutlineRequest {
  /** In the zoo. */
  readonly name: string;
  readonly shape: ImageShape;
  readonly classes: number;
  readonly segments: number;
  readonly heads: HeadStyle;
}

/** Into how many segments a network of the zoo can be cut. 0 if such pictures do not fit it. */
export function mostZooSegments(name: string, shape: ImageShape, classes: number): number {
  const places = zooPlaces(name, shape, classes);
  return places ? mostSegments(places) : 0;
}

/**
 * What plans and costs need to know of a network of the zoo: an outline like that of the built network, with the same
 * segments, but with one tensor for each. It is worked out without tfjs.
 * @returns null if there is no such network, if the pictures are too small, or if it cannot be cut so often
 */
export function zooOutline(request: OutlineRequest): ModelOutline | null {
  const { name, shape, classes, segments } = request;
  const places = zooPlaces(name, shape, classes);
  const cuts = places && choosePlaces(places, segments);
  const [start, end] = [places?.at(0), places?.at(-1)];
  if (!places || !cuts || !start || !end) return null;
  const ends = [start, ...cuts, end];
  const body = ends.slice(1).map((to, i) => between(`segment-${i + 1}`, ends[i] ?? start, to));
  const heads = cuts.map((cut, i) => headAt(cut, i + 1, { ...request, networkMacs: end.macs }));
  const averages =
    request.heads === 'momentum' ? cuts.map((cut, i) => averageBehind(cut, i + 1, places)) : [];
  return {
    name,
    inputShape: [shape.height, shape.width, shape.channels],
    classes,
    topology: '',
    segments: [...body, ...averages, ...heads],
  };
}

interface Costs {
  readonly numbers: number;
  readonly macs: number;
  readonly activations: number;
}

const segmentOf = (place: Pick<Segment, 'id' | 'kind' | 'of' | 'decay'>, costs: Costs): Segment => ({
  ...place,
  topology: '',
  layers: [],
  tensors: [{ name: 'weights', shape: [costs.numbers] }],
  macs: costs.macs,
  activations: costs.activations,
});

const costsBetween = (from: ZooPlace, to: ZooPlace): Costs => ({
  numbers: to.numbers - from.numbers,
  macs: to.macs - from.macs,
  activations: to.activations - from.activations,
});

const between = (id: string, from: ZooPlace, to: ZooPlace): Segment =>
  segmentOf({ id, kind: 'body' }, costsBetween(from, to));

/** The first layers of the next segment. */
function averageBehind(cut: ZooPlace, number: number, places: readonly ZooPlace[]): Segment {
  const next = places[places.indexOf(cut) + 1] ?? cut;
  return segmentOf(
    { id: `average-${number}`, kind: 'average', of: `segment-${number + 1}`, decay: 1 },
    costsBetween(cut, next),
  );
}

interface HeadPlace {
  readonly heads: HeadStyle;
  readonly classes: number;
  readonly networkMacs: number;
}

const headAt = ({ picture }: ZooPlace, number: number, place: HeadPlace): Segment =>
  segmentOf({ id: `head-${number}`, kind: 'head', of: `segment-${number}` }, headCosts(picture, place));

/** As `client/trainer/models/heads` builds them. Heads that imitate later layers are taken for linear ones. */
function headCosts(picture: ZooPlace['picture'], { heads, classes, networkMacs }: HeadPlace): Costs {
  const [height, width, channels] = picture;
  if (heads === 'convolutional') return convolutionCosts(picture, classes);
  const [down, across] = heads === 'dense' ? [1, 1] : linearPatch(picture, { classes, networkMacs });
  const inputs = Math.floor(height / down) * Math.floor(width / across) * channels;
  return denseCosts(heads === 'dense' ? Math.min(inputs, MOST_DENSE) : inputs, classes);
}

/** More features than this are averaged first. */
const MOST_DENSE = 2 ** 14;

const denseCosts = (inputs: number, classes: number): Costs => ({
  numbers: (inputs + 1) * classes,
  macs: inputs * classes,
  activations: inputs + 2 * classes,
});

function convolutionCosts([height, width, channels]: ZooPlace['picture'], classes: number): Costs {
  const filters = Math.ceil(channels / 2);
  const positions = Math.ceil(height / 2) * Math.ceil(width / 2);
  const dense = denseCosts(filters, classes);
  const kernel = 9 * channels * filters;
  return {
    numbers: kernel + 2 * filters + dense.numbers,
    macs: kernel * positions + dense.macs,
    activations: 3 * positions * filters + dense.activations,
  };
}
