import type { RunSpec } from '../../../../shared/protocol/run-spec.ts';
import { type GraphLayer, ModelRefusal } from '../model-graph.ts';
import { leftOutClasses } from './front-classes.ts';
import { numbersOf } from './json-fields.ts';
import type { Config } from './settings.ts';

export type Augment = RunSpec['training']['augment'];

/** Height, width and channels of pictures on their way through the layers behind the input. */
type PictureShape = readonly number[];

/** What a layer behind the input becomes. */
export interface FrontReading {
  /** What the trainer computes; null if there is nothing to compute. */
  readonly layer: GraphLayer | null;
  /** Of what it puts out. */
  readonly shape: PictureShape;
  readonly note?: string;
  readonly augment?: Augment;
}

type ReadFront = (layer: GraphLayer, shape: PictureShape) => FrontReading;

const described = ({ name, className }: GraphLayer): string => `layer ${name} (${className})`;
const leftOut = (layer: GraphLayer, why: string): string => `${described(layer)} left out: ${why}`;

const sizeOf = ({ height, width }: Config): [number, number] => [Number(height), Number(width)];
const isSize = ([height, width]: readonly number[], [h, w]: readonly number[]): boolean =>
  height === h && width === w;

const resizing: ReadFront = (layer, shape) => {
  const size = sizeOf(layer.config);
  const resized = [...size, ...shape.slice(2)];
  return isSize(size, shape)
    ? { layer: null, shape, note: leftOut(layer, `the pictures are ${size.join(' × ')} already`) }
    : { layer, shape: resized };
};

/** The middle of a picture, as Keras cuts it out. */
const centerCrop: ReadFront = (layer, shape) => {
  const size = sizeOf(layer.config);
  const [over = 0, wide = 0] = size.map((target, i) => (shape[i] ?? 0) - target);
  if (over < 0 || wide < 0) throw tooSmall(layer, size, shape);
  const border = (more: number): [number, number] => [Math.floor(more / 2), more - Math.floor(more / 2)];
  const cropping = [border(over), border(wide)];
  return {
    layer: { ...layer, className: 'Cropping2D', config: { cropping } },
    shape: [...size, ...shape.slice(2)],
  };
};

const tooSmall = (layer: GraphLayer, size: readonly number[], shape: PictureShape): ModelRefusal =>
  new ModelRefusal(
    `${described(layer)} cuts out ${size.join(' × ')}, and the data's pictures are ${shape.slice(0, 2).join(' × ')}`,
  );

/** Without training Keras cuts out the middle. That is the whole picture if it has the size. */
const randomCrop: ReadFront = (layer, shape) => {
  const size = sizeOf(layer.config);
  if (!isSize(size, shape)) throw tooSmall(layer, size, shape);
  return { layer: null, shape, note: leftOut(layer, 'the pictures have its size') };
};

const randomFlip: ReadFront = (layer, shape) =>
  layer.config.mode === 'vertical'
    ? { layer: null, shape, note: leftOut(layer, 'the run does not flip pictures upside down') }
    : {
        layer: null,
        shape,
        note: leftOut(layer, 'it asks the run to flip and crop the pictures that it trains on'),
        augment: 'flip-and-crop',
      };

const otherAugmentation: ReadFront = (layer, shape) => ({
  layer: null,
  shape,
  note: leftOut(layer, 'the run cannot change pictures in this way; it has flip-and-crop'),
});

/** Keras: (x − mean) / √variance, with a floor of 10⁻⁷ under the root. Its numbers are weights, or settings. */
const NORMALIZATION_FLOOR = 1e-7;

/** A batch norm that is not trained does the same. Numbers that are settings make a rescaling. */
const normalization: ReadFront = (layer, shape) => {
  const { mean, variance } = layer.config;
  if (mean === undefined || variance === undefined) {
    const config = { center: false, scale: false, trainable: false, epsilon: NORMALIZATION_FLOOR ** 2 };
    return { layer: { ...layer, className: 'BatchNormalization', config }, shape };
  }
  const scale = numbersOf(variance).map(value => 1 / Math.max(Math.sqrt(value), NORMALIZATION_FLOOR));
  const offset = numbersOf(mean).map((value, i) => -value * (scale[i] ?? scale[0] ?? 1));
  return { layer: { ...layer, className: 'Rescaling', config: { scale, offset } }, shape };
};

/** A rescaling stays here, and so does a reshape that adds the axis of channels to grey pictures or takes it away. */
const stays: ReadFront = (layer, shape) => ({ layer, shape });

/** By class, after its settings were read. */
export const frontReaders: Readonly<Record<string, ReadFront>> = {
  Rescaling: stays,
  Resizing: resizing,
  CenterCrop: centerCrop,
  Normalization: normalization,
  Reshape: stays,
  RandomFlip: randomFlip,
  RandomCrop: randomCrop,
  ...Object.fromEntries(leftOutClasses.map(className => [className, otherAugmentation])),
};
