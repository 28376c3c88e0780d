import type { FoldUnit } from '../aggregation/fold-units.ts';
import type { SettledShard } from './ports.ts';

/** To read, move, hash and write a value takes as long as to add so many. */
const SETTLING = 16;

/**
 * What one call of a fold may do. A fold may take longer than an invocation is allowed to, and may be broken off at any
 * moment. So it goes on from what earlier calls have settled, and stops after so much work.
 */
export class FoldSlice {
  /** What this call has settled. */
  readonly fresh: SettledShard[] = [];
  private readonly known: readonly SettledShard[];
  private readonly maxValues: number;
  private readonly names: Set<string>;
  private values = 0;

  constructor(maxValues: number, known: readonly SettledShard[]) {
    this.maxValues = maxValues;
    this.known = known;
    this.names = new Set(known.map(nameOf));
  }

  get settled(): SettledShard[] {
    return [...this.known, ...this.fresh];
  }

  /** Whether something more may be begun. The first always may. */
  get hasRoom(): boolean {
    return this.values < this.maxValues;
  }

  lacks(shard: Shard): boolean {
    return !this.names.has(nameOf(shard));
  }

  spend(units: readonly Pick<FoldUnit, 'elements' | 'statistics'>[], updates: number): void {
    for (const { elements, statistics } of units)
      this.values += (elements + statistics) * (updates + SETTLING);
  }

  add(shard: SettledShard): void {
    this.fresh.push(shard);
    this.names.add(nameOf(shard));
  }
}

type Shard = Pick<SettledShard, 'segment' | 'shard'>;

const nameOf = ({ segment, shard }: Shard): string => `${segment}/${shard}`;
