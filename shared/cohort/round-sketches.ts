import { UpdateSketch } from '../aggregation/update-sketch.ts';
import type { FoldedRole, RoleRound, TakenUpdate } from '../protocol/cohort-report.ts';
import type { Role } from '../protocol/identifiers.ts';
import type { RunConfig } from '../protocol/run-config.ts';
import type { CheckedUpdate } from './check-update.ts';
import type { CohortPorts } from './ports.ts';
import { workOf } from './role-work.ts';

/** The sketch of an update that passes by, by the seed of the round that it counts in. */
export interface RoundSketch {
  readonly round: number;
  readonly sketch: UpdateSketch;
}

/** What is at hand of an update that was checked. */
export interface Sketched {
  /** If it lay in memory. */
  readonly changes?: CheckedUpdate['changes'];
  /** If it passed by. */
  readonly sketched?: RoundSketch | null;
}

/** [STAND2] The sketches of a role's updates, if the platform has a seed for them. Evaluators' updates have no direction. */
export class RoundSketches {
  private readonly config: RunConfig;
  private readonly role: Role;
  private readonly ports: Pick<CohortPorts, 'seedOf' | 'log'>;

  constructor(config: RunConfig, role: Role, ports: Pick<CohortPorts, 'seedOf' | 'log'>) {
    this.config = config;
    this.role = role;
    this.ports = ports;
  }

  /** Null if nobody sketches the round's updates. */
  seedOf(round: number): string | null {
    return this.role === 'evaluator' ? null : (this.ports.seedOf?.(round) ?? null);
  }

  /** Of each update of the round, what those who tell its worth need to know. */
  told(round: number): Pick<TakenUpdate, 'told'>[] {
    return this.seedOf(round) === null ? [] : this.ports.log.sketched(round).map(told => ({ told }));
  }

  /** For an update that is about to pass by. If it counts in another round afterwards, it is to pass by once more. */
  begin(round: number): RoundSketch | null {
    const seed = this.seedOf(round);
    return seed === null ? null : { round, sketch: new UpdateSketch(seed) };
  }

  /** Null if none is wanted, or if it passed by with the seed of another round. */
  of({ changes, sketched }: Sketched, round: number): Uint8Array<ArrayBuffer> | null {
    if (!changes) return sketched?.round === round ? sketched.sketch.bytes() : null;
    const begun = this.begin(round);
    for (const values of begun ? changes : []) begun?.sketch.add(values);
    return begun?.sketch.bytes() ?? null;
  }

  /** What the round's updates were worth. The sketches of all cohorts of the role are only where the role is published. */
  work(round: number, ofRole: RoleRound): Pick<FoldedRole, 'work'> {
    const seed = this.seedOf(round);
    const isKnown = seed !== null && ofRole.updates.some(({ told }) => told !== undefined);
    return isKnown ? { work: workOf(this.config, this.role, round, ofRole, seed) } : {};
  }
}
