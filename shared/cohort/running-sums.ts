import type { MeasuredUpdate, Weighing } from '../aggregation/aggregation-rule.ts';
import { type FoldUnit, foldUnits } from '../aggregation/fold-units.ts';
import { sumBytes } from '../aggregation/group-units.ts';
import { addUpdate, emptySums, type PartialSum } from '../aggregation/partial-sums.ts';
import type { ModelOutline } from '../protocol/model-outline.ts';
import type { SummedTask } from './kept-envelopes.ts';

/** How the rule weighs an update of this round whatever the others are. */
type Weigh = (update: MeasuredUpdate) => Weighing;

/** What sums may take of an isolate's 128 MB: four million values in f64. */
const SUMS_BYTES = 32_000_000;

/**
 * A round's sums while its updates arrive. They are lost with the machine. Then they are made again from the kept
 * envelopes.
 */
export class RunningSums {
  readonly round: number;
  private readonly sums: PartialSum[];
  private readonly weigh: Weigh;
  private updates = 0;

  private constructor(round: number, units: readonly FoldUnit[], weigh: Weigh) {
    this.round = round;
    this.sums = [...emptySums(units)];
    this.weigh = weigh;
  }

  /** Whether sums of this task fit in memory, and beside them the values of an update that is checked. */
  static fit(model: ModelOutline, { trains, slices }: SummedTask): boolean {
    return sumBytes(foldUnits(model, trains, slices)) <= SUMS_BYTES;
  }

  static open(model: ModelOutline, round: number, { trains, slices }: SummedTask, weigh: Weigh): RunningSums {
    return new RunningSums(round, foldUnits(model, trains, slices), weigh);
  }

  add(values: readonly Float32Array[], measured: MeasuredUpdate): void {
    for (const [i, sum] of addUpdate(this.sums, values, this.weigh(measured)).entries()) this.sums[i] = sum;
    this.updates += 1;
  }

  /** Whether they hold every one of so many updates of this round. */
  isWhole(round: number, updates: number): boolean {
    return this.round === round && this.updates === updates;
  }

  /** @throws if these are not shards of the round */
  of(units: readonly FoldUnit[]): PartialSum[] {
    return units.map(({ segment, shard }) => {
      const sum = this.sums.find(({ unit }) => unit.segment === segment && unit.shard === shard);
      if (!sum) throw new Error(`shard ${shard} of ${segment} is not summed`);
      return sum;
    });
  }
}
