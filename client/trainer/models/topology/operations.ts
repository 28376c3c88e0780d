import { ModelRefusal } from '../model-graph.ts';
import { fieldOf, own } from './json-fields.ts';
import type { Call } from './read-calls.ts';
import type { Config } from './settings.ts';

/** An operation of Python that Keras wrote as a layer, as a layer that does the same. */
interface AsLayer {
  readonly className: string;
  readonly config: Config;
}

/** `x + 1`, `1 - x` and so on, as scale · x + offset. */
const onNumber: Readonly<
  Record<string, (number: number, isFirst: boolean) => readonly [number, number] | null>
> = {
  add: number => [1, number],
  subtract: (number, isFirst) => (isFirst ? [-1, number] : [1, -number]),
  multiply: number => [number, 0],
  truedivide: (number, isFirst) => (isFirst ? null : [1 / number, 0]),
};

const merges: Readonly<Record<string, string>> = {
  add: 'Add',
  subtract: 'Subtract',
  multiply: 'Multiply',
  maximum: 'Maximum',
  minimum: 'Minimum',
};

/** Names of Keras 3 and of TensorFlow, without capitals and underscores. */
const activations: Readonly<Record<string, string>> = {
  relu: 'relu',
  relu6: 'relu6',
  sigmoid: 'sigmoid',
  tanh: 'tanh',
  silu: 'silu',
  elu: 'elu',
  selu: 'selu',
  mish: 'mish',
  softplus: 'softplus',
  softsign: 'softsign',
  hardsigmoid: 'hard_sigmoid',
  hardsilu: 'hard_silu',
  hardtanh: 'hard_tanh',
  tanhshrink: 'tanh_shrink',
  celu: 'celu',
  logsigmoid: 'log_sigmoid',
  logsoftmax: 'log_softmax',
  softmax: 'softmax',
};

const synonyms: Readonly<Record<string, string>> = {
  sub: 'subtract',
  mul: 'multiply',
  truediv: 'truedivide',
  divide: 'truedivide',
};

/** Classes of operations in Keras 3 whose names are those of no layer. */
const operationClasses: ReadonlySet<string> = new Set([
  ...['TFOpLambda', 'TrueDivide', 'Divide', 'Relu', 'Relu6', 'Sigmoid', 'Tanh', 'Silu', 'Elu', 'Selu'],
  ...['Mish', 'Softplus', 'Softsign', 'HardSigmoid', 'HardSilu', 'HardTanh', 'TanhShrink', 'Celu'],
  ...['LogSigmoid', 'LogSoftmax', 'Gelu', 'LeakyRelu'],
]);

/**
 * A layer that does what an operation in Python does: `x / 127.5`, `a + b`, `tf.nn.relu(x)`. Keras 2 writes a
 * TFOpLambda, Keras 3 an operation's class.
 * @returns null if it is a layer
 * @throws ModelRefusal if no layer does it
 */
export function operationAsLayer(
  name: string,
  className: string,
  config: Config,
  call: Call,
): AsLayer | null {
  if (!operationClasses.has(className) && call.number === null) return null;
  const found = asLayer(className, config, call);
  if (found) return found;
  const what = className === 'TFOpLambda' ? String(config.function) : className;
  throw new ModelRefusal(
    `layer ${name} is the operation ${what}, which no layer here does: write the network with layers`,
  );
}

function asLayer(className: string, config: Config, { inputs, number }: Call): AsLayer | null {
  const operation = operationOf(className, config);
  if (number) {
    const scaled = own(onNumber, operation)?.(number.value, number.isFirst);
    return scaled ? { className: 'Rescaling', config: { scale: scaled[0], offset: scaled[1] } } : null;
  }
  const merge = own(merges, operation);
  if (inputs.length === 2) return merge === undefined ? null : { className: merge, config: {} };
  if (hasUnread(config)) return null;
  if (operation === 'gelu') return activation(config.approximate === true ? 'gelu_new' : 'gelu');
  if (operation === 'leakyrelu')
    return {
      className: 'LeakyReLU',
      config: { alpha: config.negative_slope ?? LEAKY_SLOPE },
    };
  const known = own(activations, operation);
  return known === undefined ? null : activation(known);
}

/** The slope that the function has if none is given. The layer LeakyReLU has another one. */
const LEAKY_SLOPE = 0.2;

/** Settings of an operation that are read here, or that change nothing. */
const read: ReadonlySet<string> = new Set([
  ...['name', 'trainable', 'dtype', 'function', 'approximate', 'negative_slope'],
]);

/** What a setting is if it changes nothing. ELU with another alpha, say, is another function. */
const usual: Readonly<Record<string, unknown>> = { alpha: 1, axis: -1 };

const hasUnread = (config: Config): boolean =>
  Object.entries(config).some(([key, value]) => !read.has(key) && own(usual, key) !== value);

const activation = (name: string): AsLayer => ({ className: 'Activation', config: { activation: name } });

/** `math.truediv`, `__operators__.add`, `nn.relu` of TensorFlow; `TrueDivide` of Keras 3. */
function operationOf(className: string, config: Config): string {
  const given = className === 'TFOpLambda' ? fieldOf(config, 'function') : className;
  const name = String(given).split('.').at(-1)?.replaceAll('_', '').toLowerCase() ?? '';
  return own(synonyms, name) ?? name;
}
