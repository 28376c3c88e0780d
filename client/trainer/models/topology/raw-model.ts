import * as z from 'zod';
import { listOf } from '../../../../shared/protocol/list-of.ts';
import { ModelRefusal } from '../model-graph.ts';
import { operationAsLayer } from './operations.ts';
import { type Call, callOn, endsSchema, readCall } from './read-calls.ts';
import type { Config } from './settings.ts';

/** Models in models: nobody nests deeper, and a file must not overflow the stack. */
const MAX_DEPTH = 16;

/**
 * Five times the deepest network of the zoo. tf.layers walks a network recursively, and its stack overflows at some
 * thousands.
 */
export const MAX_LAYERS = 2_000;

/** How many layers were read, those of models in models too. */
interface Count {
  layers: number;
}

/** A layer as it is written, or a model that is used as one. Names are those of the model that it stands in. */
export interface RawLayer extends Call {
  readonly name: string;
  readonly className: string;
  /** The class as the file has it. An operation in Python becomes a layer of another class. */
  readonly writtenClass: string;
  readonly config: Config;
  /** What it holds if it is a model. */
  readonly model: RawModel | null;
}

/** A model as it is written. */
export interface RawModel {
  readonly name: string;
  readonly layers: readonly RawLayer[];
  /** The layer whose output is the model's. */
  readonly output: string;
  /** The shape of its input with the batch, if a chain says it without an input layer. */
  readonly inputShape: readonly (number | null)[] | null;
}

const layerSchema = z.looseObject({
  class_name: z.string(),
  registered_name: z.string().nullish(),
  config: z.unknown(),
  name: z.string().optional(),
  inbound_nodes: z.array(z.unknown()).optional(),
});
type LayerJson = z.infer<typeof layerSchema>;

const shapeSchema = listOf(z.number().nullable());
const classSchema = z.looseObject({ class_name: z.string(), config: z.unknown() });
const configSchema = z.record(z.string(), z.unknown());

const sequentialSchema = z.union([
  listOf(layerSchema).transform(layers => ({ name: undefined, layers, build_input_shape: undefined })),
  z.looseObject({
    name: z.string().optional(),
    layers: listOf(layerSchema),
    build_input_shape: shapeSchema.nullish(),
  }),
]);

const functionalSchema = z.looseObject({
  name: z.string().optional(),
  layers: listOf(layerSchema),
  input_layers: endsSchema,
  output_layers: endsSchema,
});

const functionalClasses: ReadonlySet<string> = new Set(['Model', 'Functional']);
const isModel = (className: string): boolean =>
  className === 'Sequential' || functionalClasses.has(className);

/**
 * Reads a model's JSON, and the models in it.
 * @throws ModelRefusal if it is no model of tf.layers or Keras, or has several inputs or outputs
 */
export function readRawModel(json: unknown): RawModel {
  return readModel(json, 0, { layers: 0 });
}

function readModel(json: unknown, depth: number, count: Count): RawModel {
  if (depth > MAX_DEPTH) throw new ModelRefusal(`models stand in models more than ${MAX_DEPTH} deep`);
  const { class_name, config } = classSchema.safeParse(json).data ?? refuseJson();
  if (class_name === 'Sequential') return readChain(config, depth, count);
  if (functionalClasses.has(class_name)) return readFunctional(config, depth, count);
  throw new ModelRefusal(
    `a topology of class ${class_name} cannot be read here: it must be Sequential, Functional or Model`,
  );
}

function refuseJson(): never {
  throw new ModelRefusal('this is not a topology of a tf.layers model: it has no class_name');
}

function readChain(config: unknown, depth: number, count: Count): RawModel {
  const parsed = sequentialSchema.safeParse(config).data;
  if (!parsed) throw new ModelRefusal('a Sequential model does not list its layers');
  const { name = 'sequential', layers, build_input_shape } = parsed;
  countLayers(name, layers.length, count);
  const names = layers.map(nameOf);
  const read = layers.map((layer, i) =>
    readLayer(layer, callOn(...names.slice(Math.max(0, i - 1), i)), depth, count),
  );
  const output = names.at(-1);
  if (output === undefined) throw new ModelRefusal(`${name} has no layers`);
  return { name, layers: read, output, inputShape: shapeOf(layers[0]) ?? build_input_shape ?? null };
}

function readFunctional(config: unknown, depth: number, count: Count): RawModel {
  const parsed = functionalSchema.safeParse(config).data;
  if (!parsed) throw new ModelRefusal('a functional model does not say its layers, its input and its output');
  const { name = 'model', layers, input_layers, output_layers } = parsed;
  countLayers(name, layers.length, count);
  const [output] = output_layers;
  if (input_layers.length !== 1)
    throw new ModelRefusal(`${name} takes ${input_layers.length} inputs: it must take one picture`);
  if (!output || output_layers.length > 1)
    throw new ModelRefusal(
      `${name} has ${output_layers.length} outputs: it must have one, the classes' logits`,
    );
  const read = layers.map(layer =>
    readLayer(layer, readCall(nameOf(layer), layer.inbound_nodes ?? []), depth, count),
  );
  return { name, layers: read, output: output[0], inputShape: null };
}

/** A class of the owner's own may bear the name of one of Keras. It is registered with a package's name in front. */
const classOf = ({ class_name, registered_name }: LayerJson): string =>
  registered_name?.includes('>') ? registered_name : class_name;

function countLayers(model: string, layers: number, count: Count): void {
  count.layers += layers;
  if (count.layers > MAX_LAYERS)
    throw new ModelRefusal(`${model} has ${count.layers} layers: at most ${MAX_LAYERS} are trained here`);
}

function readLayer(json: LayerJson, call: Call, depth: number, count: Count): RawLayer {
  const class_name = classOf(json);
  const name = nameOf(json);
  const config = configSchema.safeParse(json.config).data ?? {};
  if (isModel(class_name))
    return {
      name,
      className: class_name,
      writtenClass: class_name,
      config,
      ...call,
      model: readModel(json, depth + 1, count),
    };
  const operation = operationAsLayer(name, class_name, config, call) ?? { className: class_name, config };
  return { name, writtenClass: class_name, ...operation, ...call, model: null };
}

function nameOf({ name, config, class_name }: LayerJson): string {
  const found = name ?? z.looseObject({ name: z.string() }).safeParse(config).data?.name;
  if (found === undefined) throw new ModelRefusal(`a layer of class ${class_name} has no name`);
  return found;
}

function shapeOf(layer: LayerJson | undefined): (number | null)[] | undefined {
  const config = configSchema.safeParse(layer?.config).data;
  return shapeSchema.safeParse(config?.batch_input_shape ?? config?.batch_shape).data;
}
