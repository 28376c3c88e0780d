import * as z from 'zod';
import type { Place } from '../../../shared/plan/cost/choose-places.ts';
import { elementsOf } from '../../../shared/protocol/elements-of.ts';
import { type ZooArchitecture, zooEntries } from '../../../shared/protocol/model-zoo.ts';
import type { ImageShape } from '../../../shared/protocol/part-size.ts';
import costs from './zoo-costs.json' with { type: 'json' };

/** What a network of the zoo costs up to a place where it may be cut. */
export interface ZooPlace extends Place {
  /** Multiply-accumulates of one forward pass over one example. */
  readonly macs: number;
  /** Height, width, channels of the features. A vector is a picture of one place. */
  readonly picture: readonly [number, number, number];
  /** All numbers of its tensors, those that training only observes too. */
  readonly numbers: number;
}

/** Parameters, those of norms, activations, multiply-accumulates, height, width, channels. */
const rowSchema = z.tuple([
  z.number(),
  z.number(),
  z.number(),
  z.number(),
  z.number(),
  z.number(),
  z.number(),
]);

const costsSchema = z.record(
  z.string(),
  z.object({
    least: z.number(),
    sides: z.array(
      z.object({
        side: z.number(),
        /** Numbers that enter the last dense layer. */
        inputs: z.number(),
        places: z.array(rowSchema),
      }),
    ),
  }),
);
type NetworkCosts = z.infer<typeof costsSchema>[string];
type SideCosts = NetworkCosts['sides'][number];

/** Written by `test/bench/zoo-costs.ts`, of colour pictures in ten classes. */
const known = costsSchema.parse(costs);
const MEASURED = { channels: 3, classes: 10 } as const;

const KERNEL = 9;

/** Pictures of fewer pixels on a side leave nothing of them to the last layers. Infinity if the zoo has no such network. */
export const leastSideOf = (name: string): number =>
  known[groupNamed(name)]?.least ?? Number.POSITIVE_INFINITY;

/** Batch norm costs what group norm costs, and two statistics for each channel beside. */
const groupNamed = (name: string): string => name.replace(/-bn$/, '');

/**
 * The network's beginning, the places where it may be cut, and its end, for pictures of this shape in so many classes.
 * For sides that are multiples of 32, of 28 and of 8 all is exact. For others it is scaled by the number of pixels.
 * @returns null if there is no such network or if such pictures are too small for it
 */
export function zooPlaces(name: string, shape: ImageShape, classes: number): ZooPlace[] | null {
  const entry = zooEntries.find(candidate => candidate.name === name);
  const costsOf = known[groupNamed(name)];
  const nearest = costsOf && nearestSide(costsOf.sides, shape);
  if (!entry || !costsOf || !nearest || Math.min(shape.height, shape.width) < costsOf.least) return null;
  if (entry.architecture.family === 'mlp') return densePlaces(entry.architecture.widths, shape, classes);
  const change = changeOf(entry.architecture, nearest, shape, classes);
  const observed = entry.norm === 'batch' ? 1 : 0;
  return nearest.places.map((row, i) =>
    placeAt(row, { change, observed, isStart: i === 0, isEnd: i === nearest.places.length - 1 }),
  );
}

/** Of dense layers alone, each with bias and ReLU but for the last. They take every number of a picture, whatever its shape. */
function densePlaces(widths: readonly number[], shape: ImageShape, classes: number): ZooPlace[] {
  const inputs = shape.height * shape.width * shape.channels;
  let at = START;
  let entering = inputs;
  // The pixels are standardised first.
  let activations = inputs;
  return [
    START,
    ...[...widths, classes].map((units, i): ZooPlace => {
      activations += (i < widths.length ? 3 : 2) * units;
      at = {
        parameters: at.parameters + (entering + 1) * units,
        numbers: at.numbers + (entering + 1) * units,
        macs: at.macs + entering * units,
        ...{ activations, features: units, picture: [1, 1, units] },
      };
      entering = units;
      return at;
    }),
  ];
}

const START: ZooPlace = {
  ...{ parameters: 0, numbers: 0, activations: 0, macs: 0, features: 0 },
  picture: [0, 0, 0],
};

/** If the side is a multiple of a measured one, it is that, the larger one first. Else it is the nearest. */
function nearestSide(sides: readonly SideCosts[], { height, width }: ImageShape): SideCosts | undefined {
  const apart = ({ side }: SideCosts): number => Math.abs(Math.log((height * width) / side ** 2));
  const isMultiple = ({ side }: SideCosts): boolean => height % side === 0 && width % side === 0;
  const nearest = sides.toSorted((a, b) => apart(a) - apart(b));
  return sides.toReversed().find(isMultiple) ?? nearest[0];
}

/** How the costs for one shape of pictures differ from the measured ones. */
interface Change {
  /** Positions, as a multiple. */
  readonly positions: number;
  readonly down: number;
  readonly across: number;
  /** Parameters and multiply-accumulates that the first convolution has more, for other channels. */
  readonly stemParameters: number;
  readonly stemMacs: number;
  /** What the last dense layer has more, for other classes and, if it takes every place, for other positions. */
  readonly endParameters: number;
  readonly endMacs: number;
  readonly endActivations: number;
}

function changeOf(
  architecture: Exclude<ZooArchitecture, { family: 'mlp' }>,
  { side, inputs }: SideCosts,
  { height, width, channels }: ImageShape,
  classes: number,
): Change {
  const positions = (height * width) / side ** 2;
  const { filters, strides } = stemOf(architecture);
  const stemParameters = KERNEL * filters * (channels - MEASURED.channels);
  const isFlat = architecture.family === 'small-cnn' || architecture.family === 'flat-cnn';
  const entering = isFlat ? inputs * positions : inputs;
  return {
    ...{ positions, down: height / side, across: width / side, stemParameters },
    stemMacs: (stemParameters * height * width) / strides ** 2,
    endParameters: (entering + 1) * classes - (inputs + 1) * MEASURED.classes,
    // The measured multiply-accumulates are scaled by the positions before this is added.
    endMacs: entering * classes - inputs * MEASURED.classes * positions,
    endActivations: 2 * (classes - MEASURED.classes * positions),
  };
}

function stemOf(architecture: Exclude<ZooArchitecture, { family: 'mlp' }>): {
  filters: number;
  strides: number;
} {
  switch (architecture.family) {
    case 'small-cnn':
    case 'flat-cnn':
      return { filters: architecture.widths[0] ?? 0, strides: 1 };
    case 'deep-cnn':
      return { filters: 32, strides: 1 };
    case 'vgg16':
      return { filters: 64 / architecture.divisor, strides: 1 };
    case 'resnext':
    case 'densenet':
      return architecture.stem;
  }
}

function placeAt(
  [parameters, norms, activations, macs, height, width, channels]: SideCosts['places'][number],
  at: {
    readonly change: Change;
    readonly observed: number;
    readonly isStart: boolean;
    readonly isEnd: boolean;
  },
): ZooPlace {
  const { change, observed, isStart, isEnd } = at;
  if (isStart) return START;
  const own = parameters + change.stemParameters + (isEnd ? change.endParameters : 0);
  const isVector = height * width === 1;
  const picture = [
    isVector ? height : Math.max(1, Math.round(height * change.down)),
    isVector ? width : Math.max(1, Math.round(width * change.across)),
    channels,
  ] as const;
  return {
    parameters: Math.round(own),
    numbers: Math.round(own + observed * norms),
    activations: Math.round(activations * change.positions + (isEnd ? change.endActivations : 0)),
    macs: Math.round(macs * change.positions + change.stemMacs + (isEnd ? change.endMacs : 0)),
    features: elementsOf([...picture]),
    picture,
  };
}
