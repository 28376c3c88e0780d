import type { RunSpec } from '../../../../shared/protocol/run-spec.ts';
import { type GraphLayer, ModelRefusal } from '../model-graph.ts';
import { leftOutClasses } from './front-classes.ts';
import type { Config } from './settings.ts';

export type Augment = RunSpec['training']['augment'];

/** Pictures on their way through the layers behind the input. */
export interface Pictures {
  /** Height, width, channels. */
  readonly shape: readonly number[];
  /** Whether their numbers are still those of the data, in [0, 1]. */
  readonly isRaw: boolean;
}

/** What a layer behind the input becomes. */
export interface FrontReading {
  /** What the trainer computes; null if there is nothing to compute. */
  readonly layer: GraphLayer | null;
  readonly pictures: Pictures;
  readonly note?: string;
  readonly augment?: Augment;
}

type ReadFront = (layer: GraphLayer, pictures: Pictures) => FrontReading;

/** A network for pictures in [0, 255] divides by about this much or more. One for pictures in [0, 1] never does. */
const LARGEST_DIVIDING_SCALE = 1 / 64;
/** Numbers above that are no start for training: the first layer's outputs, and its gradients, grow with them. */
const LARGEST_SCALE = 16;
const WHITE = 255;

const described = ({ name, className }: GraphLayer): string => `layer ${name} (${className})`;
const leftOut = (layer: GraphLayer, why: string): string => `${described(layer)} left out: ${why}`;

/** The network may be written for pictures in [0, 255]. Here a picture is in [0, 1], and the scale is changed. */
const rescaling: ReadFront = (layer, { shape, isRaw }) => {
  const pictures = { shape, isRaw: false };
  const [scales, offsets] = [layer.config.scale, layer.config.offset ?? 0].map(numbersOf);
  const largest = Math.max(...(scales ?? []).map(Math.abs));
  if (!isRaw || (largest > LARGEST_DIVIDING_SCALE && largest <= LARGEST_SCALE)) return { layer, pictures };
  if (largest > LARGEST_SCALE)
    return {
      layer,
      pictures,
      note: `${described(layer)} makes numbers up to ${Math.round(largest)} of pictures in [0, 1]: a network learns badly from numbers far above 1`,
    };
  const scale = (scales ?? []).map(value => value * WHITE);
  const does = scale.some(value => Math.abs(value - 1) > 1e-4) || (offsets ?? []).some(value => value !== 0);
  const read = { ...layer, config: { ...layer.config, scale: scale.length === 1 ? scale[0] : scale } };
  const was = 'it is written for pictures in [0, 255], and here they are in [0, 1]';
  return does
    ? { layer: read, pictures, note: `${described(layer)} has its scale times 255: ${was}` }
    : { layer: null, pictures, note: leftOut(layer, was) };
};

const numbersOf = (value: unknown): number[] => [value].flat().map(Number);

const sizeOf = ({ height, width }: Config): [number, number] => [Number(height), Number(width)];
const isSize = ([height, width]: readonly number[], [h, w]: readonly number[]): boolean =>
  height === h && width === w;

const resizing: ReadFront = (layer, { shape, isRaw }) => {
  const size = sizeOf(layer.config);
  const pictures = { shape: [...size, ...shape.slice(2)], isRaw };
  return isSize(size, shape)
    ? { layer: null, pictures, note: leftOut(layer, `the pictures are ${size.join(' × ')} already`) }
    : { layer, pictures };
};

/** The middle of a picture, as Keras cuts it out. */
const centerCrop: ReadFront = (layer, { shape, isRaw }) => {
  const size = sizeOf(layer.config);
  const [over = 0, wide = 0] = size.map((target, i) => (shape[i] ?? 0) - target);
  if (over < 0 || wide < 0) throw tooSmall(layer, size, shape);
  const pictures = { shape: [...size, ...shape.slice(2)], isRaw };
  const border = (more: number): [number, number] => [Math.floor(more / 2), more - Math.floor(more / 2)];
  const cropping = [border(over), border(wide)];
  return { layer: { ...layer, className: 'Cropping2D', config: { cropping } }, pictures };
};

const tooSmall = (layer: GraphLayer, size: readonly number[], shape: readonly number[]): ModelRefusal =>
  new ModelRefusal(
    `${described(layer)} cuts out ${size.join(' × ')}, and the data's pictures are ${shape.slice(0, 2).join(' × ')}`,
  );

/** Without training Keras cuts out the middle. That is the whole picture if it has the size. */
const randomCrop: ReadFront = (layer, pictures) => {
  const size = sizeOf(layer.config);
  if (!isSize(size, pictures.shape)) throw tooSmall(layer, size, pictures.shape);
  return { layer: null, pictures, note: leftOut(layer, 'the pictures have its size') };
};

const randomFlip: ReadFront = (layer, pictures) =>
  layer.config.mode === 'vertical'
    ? { layer: null, pictures, note: leftOut(layer, 'the run does not flip pictures upside down') }
    : {
        layer: null,
        pictures,
        note: leftOut(layer, 'the run flips and crops the pictures it trains on (flip-and-crop)'),
        augment: 'flip-and-crop',
      };

const otherAugmentation: ReadFront = (layer, pictures) => ({
  layer: null,
  pictures,
  note: leftOut(layer, 'the run cannot change pictures in this way; it has flip-and-crop'),
});

/** Keras: (x − mean) / √variance, with a floor of 10⁻⁷ under the root. Its numbers are weights, or settings. */
const NORMALIZATION_FLOOR = 1e-7;

/** A batch norm that is not trained does the same. Numbers that are settings make a rescaling. */
const normalization: ReadFront = (layer, { shape }) => {
  const pictures = { shape, isRaw: false };
  const { mean, variance } = layer.config;
  if (mean === undefined || variance === undefined) {
    const config = { center: false, scale: false, trainable: false, epsilon: NORMALIZATION_FLOOR ** 2 };
    return { layer: { ...layer, className: 'BatchNormalization', config }, pictures };
  }
  const scale = numbersOf(variance).map(value => 1 / Math.max(Math.sqrt(value), NORMALIZATION_FLOOR));
  const offset = numbersOf(mean).map((value, i) => -value * (scale[i] ?? scale[0] ?? 1));
  return { layer: { ...layer, className: 'Rescaling', config: { scale, offset } }, pictures };
};

/** Adds the axis of channels to grey pictures, or takes it away. */
const reshape: ReadFront = (layer, pictures) => ({ layer, pictures });

/** By class, after its settings were read. */
export const frontReaders: Readonly<Record<string, ReadFront>> = {
  Rescaling: rescaling,
  Resizing: resizing,
  CenterCrop: centerCrop,
  Normalization: normalization,
  Reshape: reshape,
  RandomFlip: randomFlip,
  RandomCrop: randomCrop,
  ...Object.fromEntries(leftOutClasses.map(className => [className, otherAugmentation])),
};
