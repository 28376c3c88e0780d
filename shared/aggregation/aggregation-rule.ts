import type * as z from 'zod';

/**
 * An update as a rule measures it: what was found of its learnt values while they passed by. A large update never lies
 * in memory whole. No rule scales statistics, so they are not measured.
 */
export interface MeasurableUpdate {
  /** L2 norm over the changes of all learnt tensors. */
  readonly norm: number;
}

/** What is known of a round's update after its values were let go. */
export interface MeasuredUpdate<Facts = unknown> {
  /** What it counts before the rule weighs it, in examples. */
  readonly weight: number;
  readonly facts: Facts;
}

/** How much of an update goes into the sum. */
export interface Weighing {
  /**
   * In examples. An update of weight 0 is left out. So is one whose weight the exact sum rounds to 0 (less than
   * 2^-11).
   */
  readonly weight: number;
  /**
   * Its changes are multiplied by this first. It is never negative, and it takes no change out of the exact sum's
   * range.
   */
  readonly scale: number;
}

/**
 * How a round's updates count, in two phases. `measure` sees what was found of one update, as it arrives. `weigh` sees
 * the facts of all updates, and no values. Then the weighed updates are summed (`exact-sum`). Facts and memory are
 * plain JSON: they are stored, and a replay finds the same.
 */
export interface AggregationRule<Facts = unknown, Memory = unknown> {
  readonly factsSchema: z.ZodType<Facts>;
  readonly memorySchema: z.ZodType<Memory>;
  /** The memory before the first round. */
  readonly firstMemory: Memory;
  /** How many rounds back the memory reaches. */
  readonly memoryRounds: number;
  /** Small, however large the update is. */
  measure(update: MeasurableUpdate): Facts;
  /** One weighing for each update, in their order. */
  weigh(updates: readonly MeasuredUpdate<Facts>[], memory: Memory): readonly Weighing[];
  /**
   * How to weigh one update, if the round's others do not matter to it. Then updates can be summed as they arrive. The
   * weighing is the same as `weigh` would give. Null if the others must be known first. It is asked once a round, so
   * what it works out of the memory costs no update anything.
   */
  weighAlone(memory: Memory): ((update: MeasuredUpdate<Facts>) => Weighing) | null;
  /** The memory for the next round, after this one. */
  remember(memory: Memory, updates: readonly MeasuredUpdate<Facts>[]): Memory;
}

/** A rule whose facts and memory are read from storage, by its own schemas. */
export type AnyRule = AggregationRule;

/** Hides the types of a rule's facts and memory behind its schemas, so that all rules stand in one table. */
export const anyRule = <Facts, Memory>(rule: AggregationRule<Facts, Memory>): AnyRule => {
  const parseUpdate = ({ weight, facts }: MeasuredUpdate): MeasuredUpdate<Facts> => ({
    weight,
    facts: rule.factsSchema.parse(facts),
  });
  const parseMemory = (memory: unknown): Memory => rule.memorySchema.parse(memory);
  return {
    ...rule,
    weigh: (updates, memory) => rule.weigh(updates.map(parseUpdate), parseMemory(memory)),
    weighAlone: memory => {
      const weigh = rule.weighAlone(parseMemory(memory));
      return weigh && (update => weigh(parseUpdate(update)));
    },
    remember: (memory, updates) => rule.remember(parseMemory(memory), updates.map(parseUpdate)),
  };
};
