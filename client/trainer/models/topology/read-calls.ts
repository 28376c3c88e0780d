import * as z from 'zod';
import { listOf } from '../../../../shared/protocol/list-of.ts';
import { ModelRefusal } from '../model-graph.ts';
import { shortJson } from './json-fields.ts';

/** [layer, node, tensor], perhaps with arguments of the call. Keras 3 writes a single one without a list around it. */
const endSchema = z.tuple([z.string(), z.number(), z.number()]).rest(z.unknown());
type End = z.infer<typeof endSchema>;
export const endsSchema = z.union([endSchema.transform(end => [end]), listOf(endSchema)]);

const tensorSchema = z
  .looseObject({
    class_name: z.literal('__keras_tensor__'),
    config: z.looseObject({ keras_history: endSchema }),
  })
  .transform(({ config }) => config.keras_history);
const argumentSchema = z.union([tensorSchema.transform(end => [end]), listOf(tensorSchema), z.number()]);
const calledSchema = z.looseObject({
  args: listOf(argumentSchema),
  kwargs: z.record(z.string(), z.unknown()).optional(),
});
const optionsSchema = z.record(z.string(), z.unknown());

/** How a layer is called. */
export interface Call {
  /** Names of the layers whose outputs go in, in order. */
  readonly inputs: readonly string[];
  /**
   * Called with `training=False` in Keras 2: its dropouts do nothing, and its batch norms use the statistics that they
   * keep. Keras 3 writes it too, unasked, and trains such a layer nevertheless.
   */
  readonly isInference: boolean;
  /** A number that goes in too, as in `x / 255`, and whether it stands before x. */
  readonly number: { readonly value: number; readonly isFirst: boolean } | null;
  /** Whether it is written as only Keras 3 writes calls. */
  readonly isKeras3: boolean;
}

/** A call in a chain. */
export const callOn = (...inputs: readonly string[]): Call => ({
  inputs,
  isInference: false,
  number: null,
  isKeras3: false,
});

/**
 * Reads a layer's inbound nodes: Keras 2 and tf.layers write lists, Keras 3 writes the arguments of the call.
 * @throws ModelRefusal if it is called twice, or in a way that cannot be followed
 */
export function readCall(layer: string, nodes: readonly unknown[]): Call {
  const [node, ...more] = nodes;
  if (more.length > 0)
    throw new ModelRefusal(`layer ${layer} is used ${more.length + 1} times: shared layers cannot be cut`);
  if (node === undefined) return callOn();
  const listed = endsSchema.safeParse(node).data;
  const { ends, numbers, options, isKeras3 } = listed ? readListed(listed) : readCalled(layer, node);
  // With one call to each layer, the number of the call says nothing.
  if (ends.some(([, , tensor]) => tensor !== 0))
    throw new ModelRefusal(`layer ${layer} takes an output of a layer that has several`);
  const [number = null, ...others] = numbers;
  if (others.length > 0 || (number && ends.length !== 1)) throw unreadable(layer);
  const isInference = readOptions(layer, options, isKeras3);
  return { inputs: ends.map(([name]) => name), isInference, number, isKeras3 };
}

type Options = Readonly<Record<string, unknown>>;

interface Arguments {
  readonly ends: readonly End[];
  readonly numbers: readonly NonNullable<Call['number']>[];
  readonly options: Options;
  readonly isKeras3: boolean;
}

/** What Keras 2 writes in a layer's place for a number: `1 - x`. */
const CONSTANT = '_CONSTANT_VALUE';

/** An operation of Keras 2 has its second argument, y, among the options: a number, or a layer's output. */
function readListed(given: readonly End[]): Arguments {
  const listed = given.filter(([name]) => name !== CONSTANT);
  const constants = given.filter(([name]) => name === CONSTANT).map(([, , value]) => value);
  const all: Options = Object.assign({}, ...given.map(([, , , more]) => optionsSchema.safeParse(more).data));
  const { y, ...options } = all;
  const second = endSchema.safeParse(y).data;
  const isRead = second !== undefined || typeof y === 'number';
  return {
    ends: second ? [...listed, second] : listed,
    numbers: [
      ...constants.map(value => ({ value, isFirst: true })),
      ...(typeof y === 'number' ? [{ value: y, isFirst: false }] : []),
    ],
    options: isRead ? options : all,
    isKeras3: false,
  };
}

function readCalled(layer: string, node: unknown): Arguments {
  const called = calledSchema.safeParse(node).data;
  if (!called) throw unreadable(layer);
  const { args, kwargs: options = {} } = called;
  return {
    ends: args.flatMap(argument => (typeof argument === 'number' ? [] : argument)),
    numbers: args.flatMap((value, i) => (typeof value === 'number' ? { value, isFirst: i === 0 } : [])),
    options,
    isKeras3: true,
  };
}

const unreadable = (layer: string): ModelRefusal =>
  new ModelRefusal(
    `layer ${layer} is called with something else than outputs of layers, which cannot be read here`,
  );

/**
 * Whether the layer is called for inference.
 * @throws ModelRefusal for an option that changes what the layer computes
 */
function readOptions(layer: string, options: Options, isKeras3: boolean): boolean {
  for (const [name, value] of Object.entries(options)) {
    const isTold = name === 'training' && (value === false || isKeras3);
    if (value === null || name === 'name' || isTold) continue;
    throw new ModelRefusal(
      `layer ${layer} is called with ${name} = ${shortJson(value)}, which cannot be followed here`,
    );
  }
  return options.training === false && !isKeras3;
}
