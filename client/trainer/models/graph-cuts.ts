import { inputLayerClass, type ModelGraph } from './model-graph.ts';

/** A layer whose output alone crosses from what comes before it to what comes after. */
export interface Crossing {
  readonly after: string;
  /** Its place among the graph's layers: the layers up to there make its output, and the layers behind it use it. */
  readonly place: number;
}

/**
 * All places at which one tensor crosses, in order from input to output. The input and the output are not such places,
 * because a segment has layers. It is enough that no layer before a place is used behind it. The output needs every layer,
 * and all begin at the one input. So a layer that the crossing does not need must itself need the crossing, and stands
 * behind it in any order of computation. Linear in the graph's size, because hosts bring networks of 2,000 layers.
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
