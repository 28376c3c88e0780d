import * as z from 'zod';
import { elementsOf } from '../../../shared/protocol/elements-of.ts';
import { type GraphLayer, type ModelGraph, ModelRefusal } from './model-graph.ts';
import { outputShapeOf, type Shape } from './topology/shapes.ts';

/**
 * Training holds four numbers of 4 bytes for each parameter: the weight, its gradient, its momentum and the version that the
 * lease began with. WebAssembly has 4 GB at most, and about half of that goes to what the layers put out.
 */
export const MOST_PARAMETERS = 128_000_000;

/**
 * To be asked before anything is built: a few lines of JSON can ask for more memory than there is.
 * @param graph as tf.layers takes it
 * @throws ModelRefusal if it has more parameters than can be trained
 */
export function checkSize(graph: ModelGraph): void {
  const parameters = countParameters(graph);
  if (parameters <= MOST_PARAMETERS) return;
  const { name, count } = largestOf(parametersByLayer(graph));
  throw new ModelRefusal(
    `${graph.name} has ${inMillions(parameters)} million parameters, of which layer ${name} has ${inMillions(count)} million: at most ${inMillions(MOST_PARAMETERS)} million can be trained here, because training holds each four times and WebAssembly has 4 GB. Give that layer fewer units or filters, or put a pooling before it`,
  );
}

/** About: what norms have is left out. */
export const countParameters = (graph: ModelGraph): number =>
  parametersByLayer(graph).reduce((sum, { count }) => sum + count, 0);

interface Counted {
  readonly name: string;
  readonly count: number;
}

function parametersByLayer({ layers }: ModelGraph): Counted[] {
  const shapes = new Map<string, Shape>();
  return layers.map(layer => {
    const inputs = layer.inputs.map(from => shapes.get(from) ?? []);
    shapes.set(layer.name, outputShapeOf(layer, inputs));
    return { name: layer.name, count: parametersOf(layer, inputs[0] ?? []) };
  });
}

const largestOf = (counted: readonly Counted[]): Counted =>
  counted.reduce((most, one) => (one.count > most.count ? one : most), { name: '', count: 0 });

const settingsSchema = z.object({
  units: z.number().catch(0),
  filters: z.number().catch(0),
  groups: z.number().min(1).catch(1),
  depth_multiplier: z.number().catch(1),
  kernel_size: z.union([z.number().transform(side => [side, side]), z.array(z.number())]).catch([1, 1]),
});

/** The kernel of a layer and its bias, if it has one. */
function parametersOf({ className, config }: GraphLayer, input: Shape): number {
  const channels = input.at(-1) ?? 0;
  const { units, filters, groups, depth_multiplier, kernel_size } = settingsSchema.parse(config);
  const window = elementsOf(kernel_size);
  const deep = channels * depth_multiplier;
  switch (className) {
    case 'Dense':
      return (channels + 1) * units;
    case 'Conv2D':
    case 'GroupedConv2D':
      return ((window * channels) / groups + 1) * filters;
    case 'DepthwiseConv2D':
      return (window + 1) * deep;
    case 'SeparableConv2D':
      return window * deep + (deep + 1) * filters;
    case 'PReLU':
      return elementsOf(input);
    default:
      return 0;
  }
}

const inMillions = (count: number): string => (count / 1e6).toFixed(count < 10e6 ? 1 : 0);
