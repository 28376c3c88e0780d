import { plansWords } from '../../words/plans-words.ts';
import type { Cell, PictureDevice } from './plan-picture.ts';

/** What a device does, in words: `trains part 2, on top of part 1, which stays as it is`. */
export function describeDevice({ cells, learns, isNarrow }: PictureDevice): string {
  const words = plansWords().drawing;
  const first = cells.indexOf('trained');
  const last = cells.lastIndexOf('trained');
  const before = placesOf(cells, 'kept').filter(place => place < first);
  const after = placesOf(cells, 'kept').filter(place => place > last);
  const trained = isNarrow ? words.narrower : partsIn(first, last);
  return [
    words.trains(trained),
    ...(before.length > 0 ? [words.onTopOf(partsIn(before[0] ?? 0, before.at(-1) ?? 0))] : []),
    ...(after.length > 0 ? [words.through(partsIn(after[0] ?? 0, after.at(-1) ?? 0))] : []),
    ...(learns.length > 0 ? [words.learnsFrom] : []),
  ].join(', ');
}

const placesOf = (cells: readonly Cell[], wanted: Cell): number[] =>
  cells.flatMap((cell, place) => (cell === wanted ? [place] : []));

function partsIn(first: number, last: number): string {
  const words = plansWords().drawing;
  return first === last ? words.part(first + 1) : words.parts(first + 1, last + 1);
}
