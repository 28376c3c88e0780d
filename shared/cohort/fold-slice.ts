import type { FoldUnit } from '../aggregation/fold-units.ts';
import type { FoldLimits } from './fold-limits.ts';
import type { SettledShard } from './ports.ts';

/** To read, move, hash and write a value takes as long as to add so many. */
const SETTLING = 16;

/** To read, move, hash and write a shard takes about so many calls to R2. */
const CALLS_A_SHARD = 8;

/** Reads of envelopes, and how many values are decoded of them. */
export interface Reading {
  readonly reads: number;
  readonly values: number;
}

/**
 * What one call of a fold may do. A fold may take longer than an invocation is allowed to, and may be broken off at any
 * moment. So it goes on from what earlier calls have settled, and stops after so much work.
 */
export class FoldSlice {
  /** What this call has settled. */
  readonly fresh: SettledShard[] = [];
  private readonly known: readonly SettledShard[];
  private readonly most: Reading;
  private readonly names: Set<string>;
  private spent: Reading = { reads: 0, values: 0 };

  constructor(
    { maxValues, maxReads }: Pick<FoldLimits, 'maxValues' | 'maxReads'>,
    known: readonly SettledShard[],
  ) {
    this.most = { reads: maxReads, values: maxValues };
    this.known = known;
    this.names = new Set(known.map(nameOf));
  }

  get settled(): SettledShard[] {
    return [...this.known, ...this.fresh];
  }

  /** Whether something more may be begun, which takes so many reads. The first always may. */
  hasRoom(reads = 0): boolean {
    const { spent, most } = this;
    return spent.values === 0 || (spent.values < most.values && spent.reads + reads <= most.reads);
  }

  lacks(shard: Shard): boolean {
    return !this.names.has(nameOf(shard));
  }

  /** @param updates so many values are added for each one of these units, or it takes as long as that */
  settle(units: readonly Pick<FoldUnit, 'elements' | 'statistics'>[], updates: number): void {
    for (const { elements, statistics } of units)
      this.spend({ reads: CALLS_A_SHARD, values: (elements + statistics) * (updates + SETTLING) });
  }

  spend({ reads, values }: Reading): void {
    const { spent } = this;
    this.spent = { reads: spent.reads + reads, values: spent.values + values };
  }

  add(shard: SettledShard): void {
    this.fresh.push(shard);
    this.names.add(nameOf(shard));
  }
}

type Shard = Pick<SettledShard, 'segment' | 'shard'>;

const nameOf = ({ segment, shard }: Shard): string => `${segment}/${shard}`;
