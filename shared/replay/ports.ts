import type { SumStore } from '../cohort/ports.ts';
import type { ReadPage } from '../protocol/events.ts';
import type { Role } from '../protocol/identifiers.ts';
import type { Manifest } from '../protocol/model-outline.ts';
import type { RunConfig } from '../protocol/run-config.ts';

/** The envelopes of folded rounds. */
export interface Archives {
  /** Whether anything is archived of this role and round. */
  has(role: Role, round: number): Promise<boolean>;
  /**
   * In the order of acceptance; none if nothing is archived. Each call begins anew.
   * @throws DamagedArchive if the stored bytes are no sequence of envelopes
   */
  envelopes(role: Role, round: number): AsyncIterable<Uint8Array>;
}

/** All that a replay needs of a run: what everybody can read of it. */
export interface ReplayPorts {
  readonly config: RunConfig;
  /** All of it, page by page. */
  ledger(): AsyncIterable<Pick<ReadPage, 'events' | 'first'>>;
  /** Null if it is not kept. */
  manifest(version: number): Promise<Manifest | null>;
  /** The bytes that are stored under this hash, unchecked; null if there are none. */
  blob(sha256: string): Promise<Uint8Array | null>;
  readonly archives: Archives;
  /** Where the sums lie that a role hands to another. Those of a round are as large as what it shares, in doubles. */
  sums(role: Role): SumStore;
}
