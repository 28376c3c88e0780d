import type * as z from 'zod';
import type { Gram } from './gram.ts';

/**
 * An update as a rule measures it: what was found of its learnt values while they passed by. A large update never lies
 * in memory whole. No rule scales statistics, so they are not measured.
 */
export interface MeasurableUpdate {
  /** L2 norm over the changes of all learnt tensors. */
  readonly norm: number;
  /** Of its envelope. It gives updates an order that is not the one of their arrival. */
  readonly sha256: string;
  /** Of a referee's own update, with which others are compared. */
  readonly isRoot?: boolean;
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

/** What a rule measures of updates and keeps from round to round. Facts and memory are plain JSON, and are stored. */
export interface RuleMemory<Facts, Memory> {
  readonly factsSchema: z.ZodType<Facts>;
  readonly memorySchema: z.ZodType<Memory>;
  /** The memory before the first round. */
  readonly firstMemory: Memory;
  /** How many rounds back the memory reaches. */
  readonly memoryRounds: number;
  /** Small, however large the update is. */
  measure(update: MeasurableUpdate): Facts;
  /** The memory for the next round, after this one. */
  remember(memory: Memory, updates: readonly MeasuredUpdate<Facts>[]): Memory;
  /** If the memory has a scale by which updates are clipped. Left out if it has none. */
  readonly scale?: MemoryScale<Memory>;
}

/**
 * The scale of a memory: a norm. It reaches further back than the rest of the memory, so the ledger tells it with each
 * version. A task that was never trained before begins with the scale of the one before it.
 */
export interface MemoryScale<Memory> {
  /** Null as long as too little is known. */
  of(memory: Memory): number | null;
  with(memory: Memory, scale: number | null): Memory;
}

/** A rule that weighs an update by its own facts and by memory. */
interface OnePass<Facts, Memory> {
  readonly kind: 'one-pass';
  /** One weighing for each update, in their order. */
  weigh(updates: readonly MeasuredUpdate<Facts>[], memory: Memory): readonly Weighing[];
  /**
   * How to weigh one update, if the round's others do not matter to it. Then updates can be summed as they arrive. The
   * weighing is the same as `weigh` would give. Null if the others must be known first. It is asked once a round, so
   * what it works out of the memory costs no update anything.
   */
  weighAlone(memory: Memory): ((update: MeasuredUpdate<Facts>) => Weighing) | null;
}

/** What a rule that compares is given of a round. */
export interface ComparedUpdates {
  /** ⟨Δi, Δj⟩ of what is learnt. Those that the rule does not want are zero (`needsRoot`). */
  readonly gram: Gram;
  /** Before the rule weighs them, in examples. */
  readonly weights: readonly number[];
  /** So many of them may be hostile. */
  readonly hostile: number;
  /** The place of the referee's own update among them. Null if there is none. */
  readonly root: number | null;
}

/** A rule that weighs updates by the angles and distances between them. */
interface Compared {
  readonly kind: 'compared';
  /** It compares no fewer updates. */
  readonly least: number;
  /** How many hostile ones it withstands among so many. */
  most(updates: number): number;
  /** Whether it compares with a referee's own update. Then it is given the products with that one, and no others. */
  readonly needsRoot: boolean;
  /** One weighing for each update, in their order. Only the ratios of their weights count. */
  weigh(updates: ComparedUpdates): readonly Weighing[];
}

/** A rule that takes each coordinate by itself. */
interface ByCoordinate {
  readonly kind: 'by-coordinate';
  readonly least: number;
  most(updates: number): number;
  /** How many of the largest values are left out, and how many of the smallest. The mean of the rest counts. */
  trim(updates: number, hostile: number): number;
}

/**
 * How a round's updates count. `measure` sees what was found of one update, as it arrives. When the round closes, a rule
 * weighs all of them, and the weighed updates are summed (`exact-sum`). A rule by coordinate ends in no weights: it says
 * how many values are left out.
 */
export type AggregationRule<Facts = unknown, Memory = unknown> = RuleMemory<Facts, Memory> &
  (OnePass<Facts, Memory> | Compared | ByCoordinate);

/** A rule whose facts and memory are read from storage, by its own schemas. */
export type AnyRule = AggregationRule;

/** Hides the types of a rule's facts and memory behind its schemas, so that all rules stand in one table. */
export function anyRule<Facts, Memory>(rule: AggregationRule<Facts, Memory>): AnyRule {
  const parseUpdate = ({ weight, facts }: MeasuredUpdate): MeasuredUpdate<Facts> => ({
    weight,
    facts: rule.factsSchema.parse(facts),
  });
  const parseMemory = (memory: unknown): Memory => rule.memorySchema.parse(memory);
  const { factsSchema, memorySchema, firstMemory, memoryRounds, measure, scale } = rule;
  const memory: RuleMemory<unknown, unknown> = {
    ...{ factsSchema, memorySchema, firstMemory, memoryRounds, measure },
    remember: (kept, updates) => rule.remember(parseMemory(kept), updates.map(parseUpdate)),
    ...(scale && {
      scale: {
        of: kept => scale.of(parseMemory(kept)),
        with: (kept, value) => scale.with(parseMemory(kept), value),
      },
    }),
  };
  if (rule.kind !== 'one-pass') return { ...rule, ...memory };
  return {
    ...memory,
    kind: rule.kind,
    weigh: (updates, kept) => rule.weigh(updates.map(parseUpdate), parseMemory(kept)),
    weighAlone: kept => {
      const weigh = rule.weighAlone(parseMemory(kept));
      return weigh && (update => weigh(parseUpdate(update)));
    },
  };
}
