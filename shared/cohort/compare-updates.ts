import type { FoldUnit } from '../aggregation/fold-units.ts';
import {
  addGram,
  addProducts,
  countProducts,
  emptyGram,
  type Gram,
  mirror,
  type WantedProducts,
} from '../aggregation/gram.ts';
import type { FoldSlice } from './fold-slice.ts';
import type { CohortLog } from './ports.ts';
import { blocksOf, type RowSource, readingOf, readRows } from './read-rows.ts';

/** To multiply and to add takes an eighth of what it takes to read, decode and add a value. */
const PRODUCTS_A_VALUE = 8;

/**
 * The inner products of a round's updates that its rule wants, unit by unit. The units are added in their order, so the
 * sum is the same to the bit however the work is cut. What is done of it is kept in the log, and the next call goes on from there.
 * @returns null if the slice has no more room
 */
export async function compareUpdates(
  round: number,
  units: readonly FoldUnit[],
  source: RowSource,
  wanted: WantedProducts,
  log: Pick<CohortLog, 'compared' | 'keepCompared'>,
  slice: FoldSlice,
): Promise<Gram | null> {
  const size = source.buckets.members.length;
  const kept = log.compared(round);
  const gram = kept ? readTriangle(size, kept.products) : emptyGram(size);
  let done = kept?.units ?? 0;
  try {
    for (const unit of units.slice(done)) {
      const learnt = { ...unit, pieces: learntOf(unit), statistics: 0 };
      const { reads, values } = readingOf(learnt, source);
      const products = unit.elements * countProducts(size, wanted);
      if (!slice.hasRoom(reads)) return null;
      slice.spend({ reads, values: values + products / PRODUCTS_A_VALUE });
      addGram(gram, await productsOf(learnt, source, wanted));
      done += 1;
    }
  } finally {
    // Also if it failed: the next attempt has less to do.
    if (done > (kept?.units ?? 0)) log.keepCompared(round, { units: done, products: triangleOf(gram) });
  }
  mirror(gram);
  return gram;
}

/** @param unit of what is learnt alone */
async function productsOf(unit: FoldUnit, source: RowSource, wanted: WantedProducts): Promise<Gram> {
  const products = emptyGram(source.buckets.members.length);
  for (const block of blocksOf(unit, source.buckets)) {
    const rows = await readRows(block, source);
    addProducts(
      products,
      rows.map(({ learnt }) => learnt),
      wanted,
    );
  }
  return products;
}

const learntOf = ({ pieces }: FoldUnit): FoldUnit['pieces'] => pieces.filter(({ kind }) => kind === 'learnt');

/** The upper triangle row by row, as it is stored. */
const triangleOf = ({ size, products }: Gram): number[] =>
  Array.from({ length: size }, (_, i) => [...products.subarray(i * size + i, (i + 1) * size)]).flat();

function readTriangle(size: number, triangle: readonly number[]): Gram {
  const gram = emptyGram(size);
  let at = 0;
  for (let i = 0; i < size; i++)
    for (let j = i; j < size; j++) gram.products[i * size + j] = triangle[at++] ?? Number.NaN;
  return gram;
}
