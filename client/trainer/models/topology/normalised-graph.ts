import type { ModelGraph } from '../model-graph.ts';

/** A graph in the form in which it will be trained, and what was changed about it, in words for its owner. */
export interface NormalisedGraph {
  readonly graph: ModelGraph;
  readonly notes: readonly string[];
}
