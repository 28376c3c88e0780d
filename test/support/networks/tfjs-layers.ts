import type { Json } from './model-file.ts';
import type { SketchLayer } from './sketch.ts';

/** Whose words a sketch is in: of Keras 2, which tf.layers means too, or of Keras 3. */
export type Meaning = 2 | 3;

/** A layer in tf.layers' own words. */
export interface TfjsLayer {
  readonly name: string;
  readonly className: string;
  readonly config: Json;
}

/** Keys that tf.layers neither reads nor writes. */
const foreign: Readonly<Record<string, readonly string[]>> = {
  Conv2D: ['groups'],
  GlobalAveragePooling2D: ['keepdims'],
  ReLU: ['negative_slope', 'threshold'],
  LeakyReLU: ['negative_slope'],
};

const augmentation: ReadonlySet<string> = new Set(['RandomFlip', 'RandomRotation']);

/** One layer of a sketch as layers of tf.layers, one behind another. The first has the layer's name and weights. */
export function tfjsLayers(layer: SketchLayer, meaning: Meaning): TfjsLayer[] {
  const { name, kind, settings, output } = layer;
  if (augmentation.has(kind)) return [];
  const own = inOwnWords(layer);
  if (kind === 'GlobalAveragePooling2D' && settings.keepdims === true)
    return [own, { name: `${name}-sizes`, className: 'Reshape', config: { target_shape: output } }];
  return withActivation(own, meaning);
}

function inOwnWords({ name, kind, settings }: SketchLayer): TfjsLayer {
  const config = Object.fromEntries(
    Object.entries(settings).filter(([key]) => !(foreign[kind] ?? []).includes(key)),
  );
  const slope = kind === 'LeakyReLU' ? { alpha: settings.negative_slope } : {};
  return { name, className: kind, config: { ...config, ...slope } };
}

/** An activation that tf.layers has not, or means otherwise, is a layer of its own. */
function withActivation(layer: TfjsLayer, meaning: Meaning): TfjsLayer[] {
  const { activation } = layer.config;
  if (activation === 'silu') return [withName(layer, 'swish')];
  if (activation === 'leaky_relu')
    return [withName(layer, 'linear'), behind(layer, 'LeakyReLU', 'leaky', { alpha: 0.2 })];
  if (activation !== 'hard_sigmoid' || meaning === 2) return [layer];
  // relu6(x + 3) / 6
  return [
    withName(layer, 'linear'),
    behind(layer, 'Rescaling', 'sixth', { scale: 1 / 6, offset: 0.5 }),
    behind(layer, 'ReLU', 'bounded', { max_value: 1 }),
  ];
}

const withName = (layer: TfjsLayer, activation: string): TfjsLayer => ({
  ...layer,
  config: { ...layer.config, activation },
});

const behind = ({ name }: TfjsLayer, className: string, suffix: string, config: Json): TfjsLayer => ({
  name: `${name}-${suffix}`,
  className,
  config,
});
