import { slicePositions } from '../math/slice-positions.ts';
import type { ChannelSlices } from '../protocol/channels.ts';
import { type ModelOutline, segmentById, trainedTensors } from '../protocol/model-outline.ts';
import { spansOf } from '../protocol/narrow-outline.ts';
import { spreadTo } from './exact-sum.ts';
import { type FoldUnit, foldUnits } from './fold-units.ts';
import type { PartialSum } from './partial-sums.ts';

/** What the updates of one cohort are of. */
interface Sliced {
  readonly trains: readonly string[];
  readonly slices: ChannelSlices;
}

/**
 * Makes sums over a slice of a shard's weights sums over all of them. A weight outside the slice has weight 0 there, so
 * that sums of several slices merge. Where the weights lie is worked out shard by shard: a list of all would be as large
 * as the network.
 * @throws if statistics were summed, of which no slices are trained
 */
export function spreadSums(model: ModelOutline, sliced: Sliced): (sum: PartialSum) => PartialSum {
  const wholes = foldUnits(model, sliced.trains);
  return ({ unit, sum, statistics }) => {
    const whole = wholes.find(({ segment, shard }) => segment === unit.segment && shard === unit.shard);
    if (!whole || whole.statistics > 0)
      throw new Error(`no slices of shard ${unit.shard} of ${unit.segment} can be summed`);
    const places = placesIn(model, sliced, unit, whole);
    return { unit: whole, sum: spreadTo(sum, whole.elements, places), statistics };
  };
}

/** Where each summed value stands among the learnt values of the whole shard. */
function placesIn(
  model: ModelOutline,
  { trains, slices }: Sliced,
  unit: FoldUnit,
  whole: FoldUnit,
): Uint32Array {
  const tensors = trains.flatMap(id => trainedTensors(segmentById(model, id)));
  const places = new Uint32Array(unit.elements);
  let [next, start] = [0, 0];
  for (const { tensor, offset, elements } of whole.pieces) {
    const outlined = tensors[tensor];
    if (!outlined) continue;
    const spans = spansOf(outlined, slices);
    for (const position of slicePositions(outlined.shape, spans, offset, offset + elements))
      places[next++] = start + position - offset;
    start += elements;
  }
  return places;
}
