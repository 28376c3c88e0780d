import type { Grant } from '../../../shared/federation/lease/grant-lease.ts';
import type { Random } from '../../../shared/math/random.ts';
import type { Judgement } from './network/judge.ts';
import type { LabelledRows } from './network/pictures.ts';

/**
 * What a hostile volunteer knows when it answers a lease. All of it is of one role and round, and an update is one flat
 * array. Those who collude tell each other everything; what the honest ones sent, an omniscient attacker has seen.
 */
export interface Known {
  /** What it would send if it were honest. */
  readonly own: Float32Array;
  /** The same of each hostile volunteer of the round, its own among them. */
  readonly colluders: readonly Float32Array[];
  /** What the honest volunteers of the round send. */
  readonly honest: readonly Float32Array[];
  /** The weights that the round began with, less those of version 0: what history has moved. */
  readonly moved: Float32Array;
  /** What it would have sent in earlier rounds, the first one first. */
  readonly earlier: readonly Float32Array[];
  /**
   * L2 norms of what was accepted in earlier rounds, the oldest round first. The ledger tells them to everybody, and a
   * clip is made of them.
   */
  readonly norms: readonly (readonly number[])[];
  readonly random: Random;
}

/** An envelope, and the lease that it is sent for. */
export interface Answer {
  readonly grant: Grant;
  readonly envelope: Uint8Array;
}

/** Of which pictures a hostile volunteer trains on others. */
export interface Poisoning {
  readonly side: number;
  readonly classes: number;
  readonly random: Random;
}

/**
 * What a hostile volunteer does otherwise than an honest one. What is left out it does honestly. All of these are pure.
 */
export interface Attack {
  /** One sentence for `--help` and for tables. */
  readonly about: string;
  /** The pictures that it trains on. */
  readonly poison?: (examples: LabelledRows, poisoning: Poisoning) => LabelledRows;
  /** The update that it sends. */
  readonly update?: (known: Known) => Float32Array;
  /** What it sends in place of its answer; null if nothing. `earlier` has its answers of other rounds. */
  readonly answer?: (own: Answer, earlier: readonly Answer[], random: Random) => Answer | null;
  /** Whether it gives back the training leases of this round. */
  readonly isIdleIn?: (round: number) => boolean;
  /** What it says of a test part as a judge, given the truth. */
  readonly judge?: (truth: Judgement) => Judgement;
}
