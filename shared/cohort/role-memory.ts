import type { AnyRule, MeasuredUpdate } from '../aggregation/aggregation-rule.ts';
import type { RunSpec } from '../protocol/run-spec.ts';
import type { CohortLog, KeptMemory } from './ports.ts';

/**
 * What a role's rule remembers, by the segments that the remembered rounds trained: updates of others are of another
 * scale. It lies in the log.
 */
export class RoleMemory {
  private readonly spec: RunSpec;
  private readonly rule: AnyRule;
  private readonly log: Pick<CohortLog, 'memory' | 'setMemory'>;

  constructor(spec: RunSpec, rule: AnyRule, log: Pick<CohortLog, 'memory' | 'setMemory'>) {
    this.spec = spec;
    this.rule = rule;
    this.log = log;
  }

  /**
   * What the rule knows before a round that trains these segments. If no round did, it begins with the norm that the host's
   * machine found, or with the scale of the rounds before: that is nearer than nothing.
   */
  of(trains: string): unknown {
    const { scale, firstMemory } = this.rule;
    const kept = this.log.memory();
    if (kept?.trains === trains) return kept.memory;
    if (!scale) return firstMemory;
    const known = kept?.others?.[trains];
    if (known !== undefined) return known;
    const first = this.spec.robust.norms?.[trains] ?? (kept && scale.of(kept.memory));
    return first === null || first === undefined ? firstMemory : scale.with(firstMemory, first);
  }

  /** @param memory what the rule knew before the round, whichever cohort kept it */
  remember(round: number, trains: string, memory: unknown, updates: readonly MeasuredUpdate[]): void {
    this.keep(round, trains, this.rule.remember(memory, updates));
  }

  /** What the ledger says of the scale before a round, for a replay that begins later. */
  begin(round: number, trains: string, scale: number | null): void {
    if (this.rule.scale) this.keep(round - 1, trains, this.rule.scale.with(this.of(trains), scale));
  }

  /** A rule without a scale remembers rounds in a row only. */
  private keep(round: number, trains: string, memory: unknown): void {
    const { [trains]: _, ...others } = this.rule.scale ? allOf(this.log.memory()) : {};
    this.log.setMemory({ trains, memory, ...(Object.keys(others).length > 0 && { others }) }, round);
  }
}

/** All that is kept, by the segments that were trained. */
const allOf = (kept: KeptMemory | null): Readonly<Record<string, unknown>> =>
  kept ? { ...kept.others, [kept.trains]: kept.memory } : {};
