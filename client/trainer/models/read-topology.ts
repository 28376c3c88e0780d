import * as z from 'zod';
import {
  type GraphLayer,
  inputLayer,
  inputLayerClass,
  type ModelGraph,
  ModelRefusal,
} from './model-graph.ts';

/**
 * Five times the deepest network of the zoo. tf.layers walks a network recursively, and its stack overflows at some
 * thousands.
 */
const MAX_LAYERS = 2_000;

const layerSchema = z.looseObject({
  class_name: z.string(),
  config: z.record(z.string(), z.unknown()),
  name: z.string().optional(),
  inbound_nodes: z.array(z.unknown()).optional(),
});
type LayerJson = z.infer<typeof layerSchema>;

const sequentialSchema = z.looseObject({
  class_name: z.literal('Sequential'),
  config: z.union([
    z.array(layerSchema).transform(layers => ({ name: 'sequential', layers })),
    z.looseObject({ name: z.string().default('sequential'), layers: z.array(layerSchema) }),
  ]),
});

/** [layer, node, tensor], or a list of them. Keras 3 writes a single one without the list. */
const endSchema = z.tuple([z.string(), z.number(), z.number()]).rest(z.unknown());
const endsSchema = z.union([endSchema.transform(end => [end]), z.array(endSchema)]);

const functionalSchema = z.looseObject({
  class_name: z.enum(['Model', 'Functional']),
  config: z.looseObject({
    name: z.string().default('model'),
    layers: z.array(layerSchema),
    input_layers: endsSchema,
    output_layers: endsSchema,
  }),
});

type Functional = z.infer<typeof functionalSchema>['config'];

/**
 * Where a layer's inputs come from: Keras 2 and tf.layers write lists, Keras 3 writes the tensors of a call's
 * arguments.
 */
const listedNodeSchema = z.array(endSchema);
const tensorSchema = z.looseObject({
  class_name: z.literal('__keras_tensor__'),
  config: z.looseObject({ keras_history: endSchema }),
});
const calledNodeSchema = z.looseObject({
  args: z.array(z.union([tensorSchema.transform(tensor => [tensor]), z.array(tensorSchema)])),
});

/**
 * Reads the topology of a tf.layers model that tf.layers or Keras wrote: a chain (`Sequential`) or a graph
 * (`Functional`, `Model`).
 * @throws ModelRefusal if it is none of them, if a layer is used twice, if there is more than one input or output, if
 * the layers go in a circle, or if there are too many
 */
export function readTopology(json: unknown): ModelGraph {
  const model = unwrap(json);
  const sequential = sequentialSchema.safeParse(model);
  if (sequential.success) return chain(sequential.data.config.name, sequential.data.config.layers);
  const functional = functionalSchema.safeParse(model);
  if (functional.success) return graph(functional.data.config);
  const name = z.looseObject({ class_name: z.string() }).safeParse(model).data?.class_name;
  throw new ModelRefusal(
    name === undefined
      ? 'this is not a topology of a tf.layers model: it has no class_name'
      : `a topology of class ${name} cannot be read here: it must be Sequential, Functional or Model`,
  );
}

/** A whole Keras model has its topology in `model_config`. */
const unwrap = (json: unknown): unknown =>
  z.looseObject({ model_config: z.unknown() }).safeParse(json).data?.model_config ?? json;

function chain(name: string, given: readonly LayerJson[]): ModelGraph {
  const named = given.map(layer => ({ ...layer, name: nameOf(layer) }));
  const [first] = named;
  const shape = first && shapeOf(first);
  const hasInput = first?.class_name === inputLayerClass;
  if (!first || (!hasInput && !shape)) throw new ModelRefusal(`${name} does not say the shape of its input`);
  const start = hasInput ? [] : [inputLayer(`${first.name}-input`, (shape ?? []).slice(1))];
  const layers = [
    ...start,
    ...named.map(({ name, class_name, config }) => ({ name, className: class_name, config })),
  ];
  const linked = layers.map((layer, i) => ({ ...layer, inputs: names(layers[i - 1]) }));
  checkLayers(name, linked);
  return { name, layers: linked };
}

const names = (layer: { readonly name: string } | undefined): string[] => (layer ? [layer.name] : []);

const shapeOf = ({ config }: LayerJson): (number | null)[] | undefined =>
  z.array(z.number().nullable()).safeParse(config.batch_input_shape ?? config.batch_shape).data;

function graph({ name, layers, input_layers, output_layers }: Functional): ModelGraph {
  const [input, ...moreInputs] = input_layers;
  const [output, ...moreOutputs] = output_layers;
  if (!input || moreInputs.length > 0)
    throw new ModelRefusal(`${name} takes ${input_layers.length} inputs: it must take one picture`);
  if (!output || moreOutputs.length > 0)
    throw new ModelRefusal(
      `${name} has ${output_layers.length} outputs: it must have one, the classes' logits`,
    );
  const read = layers.map(layer => ({
    name: nameOf(layer),
    className: layer.class_name,
    config: layer.config,
    inputs: inputsOf(layer),
  }));
  checkLayers(name, read);
  return { name, layers: inOrder(name, read, output[0]) };
}

function nameOf({ name, config, class_name }: LayerJson): string {
  const found = name ?? z.string().safeParse(config.name).data;
  if (found === undefined) throw new ModelRefusal(`a layer of class ${class_name} has no name`);
  return found;
}

function inputsOf(layer: LayerJson): string[] {
  const [node, ...more] = layer.inbound_nodes ?? [];
  if (more.length > 0)
    throw new ModelRefusal(
      `layer ${nameOf(layer)} is used ${more.length + 1} times: shared layers cannot be cut`,
    );
  return node === undefined ? [] : endsOf(node, nameOf(layer)).map(([name]) => name);
}

function endsOf(node: unknown, layer: string): z.infer<typeof endSchema>[] {
  const ends = listedNodeSchema.safeParse(node).data ?? calledEnds(node);
  if (!ends) throw new ModelRefusal(`layer ${layer} is called in a way that cannot be read here`);
  if (ends.some(([, index, tensor]) => index !== 0 || tensor !== 0))
    throw new ModelRefusal(`layer ${layer} takes an output of a layer that has several`);
  return ends;
}

const calledEnds = (node: unknown) =>
  calledNodeSchema
    .safeParse(node)
    .data?.args.flatMap(tensors => tensors.map(({ config }) => config.keras_history));

/** What the output needs, each layer after its inputs. @throws if an input is missing or the layers go in a circle */
function inOrder(model: string, layers: readonly GraphLayer[], output: string): GraphLayer[] {
  const byName = new Map(layers.map(layer => [layer.name, layer]));
  const ordered = new Map<string, GraphLayer>();
  // The way from the output to the layer in hand; each layer is needed by the one before it. A recursion would
  // overflow the stack in a deep network.
  const way = [output];
  const onWay = new Set(way);
  for (let name = way.at(-1); name !== undefined; name = way.at(-1)) {
    const layer = byName.get(name);
    if (!layer) throw new ModelRefusal(`${model} has no layer ${name}, which another layer needs`);
    const next = layer.inputs.find(input => !ordered.has(input));
    if (next === undefined) {
      ordered.set(name, layer);
      onWay.delete(name);
      way.pop();
    } else {
      if (onWay.has(next)) throw new ModelRefusal(`the layers of ${model} go in a circle at layer ${next}`);
      onWay.add(next);
      way.push(next);
    }
  }
  return [...ordered.values()];
}

/** Refuses what would keep tf.layers going for ever or confuse it. It runs before anything walks through the layers. */
function checkLayers(model: string, layers: readonly GraphLayer[]): void {
  if (layers.length > MAX_LAYERS)
    throw new ModelRefusal(`${model} has ${layers.length} layers: at most ${MAX_LAYERS} are trained here`);
  const seen = new Set<string>();
  for (const { name, className, inputs } of layers) {
    if (seen.has(name)) throw new ModelRefusal(`${model} has two layers of the name ${name}`);
    seen.add(name);
    // tf.layers would wait for ever for the input of a layer that nothing goes into.
    if ((className === inputLayerClass) !== (inputs.length === 0))
      throw new ModelRefusal(
        inputs.length === 0
          ? `nothing goes into layer ${name} of ${model}`
          : `${name}, an input of ${model}, stands behind another layer`,
      );
  }
}
