import { convertedFrom, type Json, type WrittenModel } from './model-file.ts';
import type { Sketch, SketchItem, SketchLayer } from './sketch.ts';
import { type SketchWeight, weightsOf } from './sketch-weights.ts';
import { model } from './write-keras3.ts';

const VERSION = '3.15.1';

/**
 * A network as Keras 3.15 saves it in a `.keras` file, and tensorflowjs_converter writes it. The converter takes out
 * the marks of modules. Weights are named by the class of their layer, and numbered.
 */
export const asKerasZip = (sketch: Sketch): WrittenModel => ({
  modelTopology: { keras_version: VERSION, model_config: withoutMarks(model(sketch, buildMarks)) },
  weights: namedWeights(sketch.items, '').toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  ...convertedFrom(VERSION),
});

/** Layers of these classes have nothing to build. */
const unbuilt: ReadonlySet<string> = new Set([
  ...['MaxPooling2D', 'AveragePooling2D', 'GlobalAveragePooling2D', 'ReLU', 'LeakyReLU'],
  ...['Dropout', 'Reshape', 'Activation'],
]);

/** What a `.keras` file tells of a layer besides. */
function buildMarks(of: SketchLayer | Sketch): Json {
  if ('items' in of) {
    const input_shape = of.form === 'Sequential' ? [null, ...of.inputShape] : null;
    return { build_config: { input_shape }, compile_config: {} };
  }
  if (unbuilt.has(of.kind)) return {};
  const [first, ...more] = of.inputs.map(shape => [null, ...shape]);
  if (of.kind === 'MultiHeadAttention')
    return { build_config: { shapes_dict: { query_shape: first, value_shape: first } } };
  return { build_config: { input_shape: more.length > 0 ? [first, ...more] : first } };
}

const marks = ['module', 'registered_name', 'date_saved'];

function withoutMarks(json: Json): Json {
  const strip = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(strip);
    return typeof value === 'object' && value !== null ? withoutMarks({ ...value }) : value;
  };
  return Object.fromEntries(
    Object.entries(json).flatMap(([key, value]) => (marks.includes(key) ? [] : [[key, strip(value)]])),
  );
}

/** Every layer counts among those of its class, in the network's order. */
function namedWeights(items: readonly SketchItem[], prefix: string): SketchWeight[] {
  const counts = new Map<string, number>();
  return items.flatMap(item => {
    const className = snake(item.type === 'network' ? item.network.form : item.kind);
    const count = counts.get(className) ?? 0;
    counts.set(className, count + 1);
    const own = `${prefix}layers/${className}${count === 0 ? '' : `_${count}`}`;
    if (item.type === 'network') return namedWeights(item.network.items, `${own}/`);
    return weightsOf(item).map((weight, i) => ({ ...weight, name: `${own}/${placeOf(weight.name, i)}` }));
  });
}

/** Attention keeps its weights in layers of its own: `query/bias` is the second of the layer of queries. */
function placeOf(weight: string, index: number): string {
  const [part = '', name] = weight.split('/');
  if (name === undefined) return `vars/${index}`;
  return `${part.replace('attention_', '')}_dense/vars/${name === 'kernel' ? 0 : 1}`;
}

/** As Keras makes a variable's name of a class's: Conv2D → conv2d, PReLU → p_re_lu. */
const snake = (name: string): string =>
  name
    .replaceAll(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
