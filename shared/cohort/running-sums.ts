import type { MeasuredUpdate, Weighing } from '../aggregation/aggregation-rule.ts';
import { foldUnits } from '../aggregation/fold-units.ts';
import { sumBytes } from '../aggregation/group-units.ts';
import { addUpdate, emptySums, type PartialSums } from '../aggregation/partial-sums.ts';
import type { Task } from '../protocol/lease.ts';
import type { ModelOutline } from '../protocol/model-outline.ts';

/** How the rule weighs an update of this round whatever the others are. */
type Weigh = (update: MeasuredUpdate) => Weighing;

/** What sums may take of an isolate's 128 MB: four million values in f64. */
export const SUMS_BYTES = 32_000_000;

/**
 * A round's sums while its updates arrive. They are lost with the machine. Then they are made again from the kept
 * envelopes.
 */
export class RunningSums {
  readonly round: number;
  sums: PartialSums;
  private readonly weigh: Weigh;
  private updates = 0;

  private constructor(round: number, sums: PartialSums, weigh: Weigh) {
    this.round = round;
    this.sums = sums;
    this.weigh = weigh;
  }

  /** Null if they would not fit in memory. */
  static open(
    model: ModelOutline,
    round: number,
    { trains, slices }: Pick<Task, 'trains' | 'slices'>,
    weigh: Weigh,
  ): RunningSums | null {
    const units = foldUnits(model, trains, slices);
    return sumBytes(units) <= SUMS_BYTES ? new RunningSums(round, emptySums(units), weigh) : null;
  }

  add(values: readonly Float32Array[], measured: MeasuredUpdate): void {
    this.sums = addUpdate(this.sums, values, this.weigh(measured));
    this.updates += 1;
  }

  /** Whether they hold every one of so many updates of this round. */
  isWhole(round: number, updates: number): boolean {
    return this.round === round && this.updates === updates;
  }
}
