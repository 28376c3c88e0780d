import { everywhere, type LayerClass } from './layer-classes.ts';
import {
  channelAxis,
  channelsLast,
  count,
  ignored,
  numbers,
  oneOf,
  only,
  type Settings,
} from './settings.ts';

const front = (
  settings: Settings,
  required: readonly string[] = [],
  rest: Pick<LayerClass, 'refusedNulls'> = {},
): LayerClass => ({
  settings: { ...everywhere, data_format: channelsLast, ...settings },
  required,
  ...rest,
});

const size = { height: count, width: count };

/** How Keras 2 draws numbers, and from where. */
const drawn: Settings = { seed: ignored, rng_type: ignored };

/** The run cannot do what they say. They change pictures in training only, so that a network works without them. */
const leftOut = front({
  ...drawn,
  ...Object.fromEntries(
    [
      ...['factor', 'height_factor', 'width_factor', 'x_factor', 'y_factor', 'hue_factor', 'sigma', 'alpha'],
      ...['brightness_factor', 'contrast_factor', 'saturation_factor', 'addition_factor', 'threshold_factor'],
      ...['fill_mode', 'fill_value', 'interpolation', 'value_range', 'scale', 'kernel_size', 'num_ops'],
      'bounding_box_format',
    ].map(key => [key, ignored]),
  ),
});

/** Augmentations of Keras that the run cannot do. */
export const leftOutClasses = [
  ...['RandomTranslation', 'RandomRotation', 'RandomZoom', 'RandomShear', 'RandomContrast'],
  ...['RandomBrightness', 'RandomSaturation', 'RandomHue', 'RandomGrayscale', 'RandomColorJitter'],
  ...['RandomErasing', 'RandomSharpness', 'RandomPosterization', 'RandomInvert', 'RandomGaussianBlur'],
  ...['RandomColorDegeneration', 'RandomPerspective', 'RandomElasticTransform', 'RandAugment'],
  ...['Solarization', 'MixUp', 'CutMix'],
] as const;

/** Layers of Keras that prepare or augment pictures, which tf.layers lacks. They are read right behind the input. */
export const frontClasses: Readonly<Record<string, LayerClass>> = {
  CenterCrop: front(size, ['height', 'width']),
  Normalization: front(
    {
      axis: channelAxis,
      invert: only(false, 'it would take pictures back to what they were'),
      mean: numbers,
      variance: numbers,
    },
    [],
    { refusedNulls: { axis: 'only the channels can be normalised, each by itself' } },
  ),
  RandomFlip: front({ ...drawn, mode: oneOf('horizontal', 'vertical', 'horizontal_and_vertical') }),
  RandomCrop: front({ ...drawn, ...size }, ['height', 'width']),
  ...Object.fromEntries(leftOutClasses.map(className => [className, leftOut])),
};
