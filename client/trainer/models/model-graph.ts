import { cutText } from '../../../shared/protocol/cut-text.ts';
/** One layer of a network, and where its inputs come from. Every layer is used once and puts out one tensor. */
export interface GraphLayer {
  readonly name: string;
  readonly className: string;
  /** As in the model's JSON. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Names of the layers whose outputs come in, in order. */
  readonly inputs: readonly string[];
}

/** A network of one input and one output. Its layers are in an order in which they can be computed. */
export interface ModelGraph {
  readonly name: string;
  readonly layers: readonly GraphLayer[];
}

/** No reason needs more. A file may have names and lists of any length in it. */
const LONGEST_REASON = 1_500;

/** What is told to a network's owner: one line, and nothing that a terminal would follow. Names come out of a file. */
export const plainLine = (text: string): string => cutText(text, LONGEST_REASON).replaceAll(/\p{Cc}+/gu, ' ');

/** Says that a model cannot be trained here, and why, in words for its owner. */
export class ModelRefusal extends Error {
  constructor(reason: string) {
    super(plainLine(reason));
    this.name = 'ModelRefusal';
  }
}

export const inputLayerClass = 'InputLayer';

export function outputLayer(graph: ModelGraph): GraphLayer {
  const last = graph.layers.at(-1);
  if (!last) throw new ModelRefusal(`${graph.name} has no layers`);
  return last;
}

/** The layers as tf.layers' topology JSON of a functional model. */
export function writeTopology(graph: ModelGraph): string {
  const [input] = graph.layers.filter(({ className }) => className === inputLayerClass);
  const layers = graph.layers.map(({ name, className, config, inputs }) => ({
    name,
    class_name: className,
    config: { ...config, name },
    inbound_nodes: inputs.length === 0 ? [] : [inputs.map(from => [from, 0, 0, {}])],
  }));
  return JSON.stringify({
    class_name: 'Model',
    config: {
      name: graph.name,
      layers,
      input_layers: [[input?.name, 0, 0]],
      output_layers: [[outputLayer(graph).name, 0, 0]],
    },
    keras_version: 'tfjs-layers 4.22.0',
    backend: 'tensor_flow.js',
  });
}

/** An input for pictures or features of this shape; a size that is null is open. */
export const inputLayer = (name: string, shape: readonly (number | null)[]): GraphLayer => ({
  name,
  className: inputLayerClass,
  config: { batch_input_shape: [null, ...shape], dtype: 'float32', sparse: false, name },
  inputs: [],
});

/**
 * The same graph with initialisers that cost nothing. A segment's weights are always loaded, and drawing millions of
 * random numbers first would delay a volunteer's first step by seconds.
 */
export const withoutInitializers = (graph: ModelGraph): ModelGraph => ({
  ...graph,
  layers: graph.layers.map(layer => ({
    ...layer,
    config: Object.fromEntries(
      Object.entries(layer.config).map(([key, value]) =>
        key.endsWith('_initializer') && value !== null
          ? [key, { class_name: 'Zeros', config: {} }]
          : [key, value],
      ),
    ),
  })),
});
