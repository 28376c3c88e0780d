import type { GraphLayer } from '../model-graph.ts';

/** The wanted name for a new layer, or a longer one if a layer has it. */
export const freeName = (layers: readonly GraphLayer[], wanted: string): string =>
  layers.some(({ name }) => name === wanted) ? freeName(layers, `${wanted}-new`) : wanted;
