import { inputLayerClass, type ModelGraph } from './model-graph.ts';

/** A layer whose output alone crosses from what comes before it to what comes after. */
export interface Crossing {
  readonly after: string;
  /** Its place among the graph's layers: what it needs are those up to there, what needs it those behind. */
  readonly place: number;
}

/**
 * All places at which one tensor crosses, in order from input to output. Neither the input nor the output is one: a
 * segment has layers. The output needs every layer and all begin at the one input, so that what is not needed for a
 * crossing needs the crossing, and stands behind it in any order of computation: it is enough that no layer before it is
 * used behind it. Linear in the graph's size, as hosts bring networks of 2,000 layers.
 */
export function crossings({ layers }: ModelGraph): Crossing[] {
  const lastUse = new Map<string, number>();
  for (const [place, { inputs }] of layers.entries()) for (const input of inputs) lastUse.set(input, place);
  let reach = 0;
  const found: Crossing[] = [];
  for (const [place, { name, className }] of layers.entries()) {
    const isBetween = className !== inputLayerClass && place < layers.length - 1;
    if (isBetween && reach <= place) found.push({ after: name, place });
    reach = Math.max(reach, lastUse.get(name) ?? 0);
  }
  return found;
}
