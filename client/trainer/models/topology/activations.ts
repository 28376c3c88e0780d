import { type GraphLayer, ModelRefusal } from '../model-graph.ts';
import { fieldOf, own } from './json-fields.ts';
import type { LayerNames } from './layer-names.ts';
import type { Config, KerasVersion } from './settings.ts';

/** An activation as tf.layers takes it: by a name that it knows, or as layers behind the layer that has it. */
export type Activation =
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'layers'; readonly steps: readonly Step[] };

/** A layer of an activation. Its inputs are places of steps before it; `x` is what the activation is applied to. */
export interface Step {
  readonly className: string;
  readonly config: Config;
  readonly inputs: readonly ('x' | number)[];
}

const named = (name: string): Activation => ({ kind: 'named', name });
const layers = (...steps: readonly Step[]): Activation => ({ kind: 'layers', steps });

/** A step on the one before it, or on x if it is the first. */
const step = (className: string, config: Config, ...inputs: readonly ('x' | number)[]): Step => ({
  className,
  config,
  inputs,
});
const scaled = (scale: number, offset: number, input: 'x' | number): Step =>
  step('Rescaling', { scale, offset }, input);
const activated = (activation: string, input: 'x' | number): Step =>
  step('Activation', { activation }, input);

/** relu6(x + 3) / 6. Keras has meant this by hard_sigmoid since version 3; before, and in tf.layers, 0.2 x + 0.5, cut off. */
const hardSigmoid = [scaled(1, 3, 'x'), step('ReLU', { max_value: 6 }, 0), scaled(1 / 6, 0, 1)] as const;

/** √(8 / π), of the approximation x · σ(√(8 / π) (x + 0.044715 x³)) of GELU. */
const GELU_SLOPE = Math.sqrt(8 / Math.PI);

/** Both Keras, and tf.layers. Keras's functions take their own defaults if they are given by name. */
const known: Readonly<Record<string, Activation>> = {
  linear: named('linear'),
  relu: named('relu'),
  relu6: named('relu6'),
  elu: named('elu'),
  // With alpha = 1, which a name alone means, it is the same function.
  celu: named('elu'),
  selu: named('selu'),
  sigmoid: named('sigmoid'),
  tanh: named('tanh'),
  softmax: named('softmax'),
  log_softmax: named('log_softmax'),
  softplus: named('softplus'),
  softsign: named('softsign'),
  swish: named('swish'),
  silu: named('swish'),
  mish: named('mish'),
  gelu: named('gelu'),
  // tf.layers writes this name and cannot read it again.
  gelu_new: layers(
    step('Multiply', {}, 'x', 'x', 'x'),
    scaled(0.044715, 0, 0),
    step('Add', {}, 'x', 1),
    scaled(GELU_SLOPE, 0, 2),
    activated('sigmoid', 3),
    step('Multiply', {}, 'x', 4),
  ),
  leaky_relu: layers(step('LeakyReLU', { alpha: 0.2 }, 'x')),
  hard_silu: layers(...hardSigmoid, step('Multiply', {}, 'x', 2)),
  hard_swish: layers(...hardSigmoid, step('Multiply', {}, 'x', 2)),
  hard_tanh: layers(scaled(1, 1, 'x'), step('ReLU', { max_value: 2 }, 0), scaled(1, -1, 1)),
  log_sigmoid: layers(scaled(-1, 0, 'x'), activated('softplus', 0), scaled(-1, 0, 1)),
  tanh_shrink: layers(activated('tanh', 'x'), scaled(-1, 0, 0), step('Add', {}, 'x', 1)),
};

const hardSigmoids: Readonly<Record<KerasVersion, Activation>> = {
  2: named('hard_sigmoid'),
  3: layers(...hardSigmoid),
};

const names = (): string => [...Object.keys(known), 'hard_sigmoid'].toSorted().join(', ');

/** Layers that Keras takes for an activation too: `Dense(10, activation=LeakyReLU(0.1))`. */
const activationLayers: ReadonlySet<string> = new Set(['ReLU', 'LeakyReLU', 'ELU', 'Softmax']);

/** A layer Activation may be the activation of another layer: its own activation counts. */
function innermost(given: unknown): unknown {
  let value = given;
  while (fieldOf(value, 'class_name') === 'Activation')
    value = fieldOf(fieldOf(value, 'config'), 'activation');
  return value;
}

/**
 * Reads an activation that Keras 2 or 3 or tf.layers wrote: its name, an object around its name, or a layer.
 * @throws ModelRefusal for a function that the owner defined, or that cannot be written in layers of tf.layers
 */
export function readActivation(layer: string, given: unknown, keras: KerasVersion): Activation {
  const value = innermost(given);
  const className = fieldOf(value, 'class_name');
  const config = fieldOf(value, 'config');
  if (typeof className === 'string' && activationLayers.has(className))
    return layers(step(className, isConfig(config) ? config : {}, 'x'));
  const name = typeof value === 'string' ? value : typeof config === 'string' ? config : className;
  if (typeof name !== 'string')
    throw new ModelRefusal(`layer ${layer} has an activation that cannot be read: there is ${names()}`);
  const snake = name.replaceAll(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);
  const found = snake === 'hard_sigmoid' ? hardSigmoids[keras] : own(known, snake);
  if (!found)
    throw new ModelRefusal(
      `layer ${layer} has the activation ${name}, which cannot be trained here: there is ${names()}`,
    );
  return found;
}

const isConfig = (value: unknown): value is Config =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The layers of an activation, behind the layer `from`.
 * @param last the name of the last one, which puts out what the activation puts out
 */
export function placeSteps(
  steps: readonly Step[],
  from: string,
  last: string,
  names: LayerNames,
): GraphLayer[] {
  const own = steps.map((_, i) => (i === steps.length - 1 ? last : names.free(`${last}-${i + 1}`)));
  return steps.map(({ className, config, inputs }, i) => {
    const name = own[i] ?? last;
    const taken = inputs.map(input => (input === 'x' ? from : (own[input] ?? from)));
    return { name, className, config: { ...config, name }, inputs: taken };
  });
}
