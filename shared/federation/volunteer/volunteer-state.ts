import type { Device } from '../../protocol/messages.ts';

/** Who a volunteer is. It says so once, when it joins. */
export interface Identity {
  /** Order of joining, from 0. With the round it says whose turn which role is. */
  readonly index: number;
  readonly name: string;
  readonly device: Device;
  readonly referee: boolean;
}

/** When the run heard of it last. */
export interface Presence {
  readonly seenAt: number;
}

/** [LEASE11] Whether it returns an update for what it is leased. */
export interface Reliability {
  /** Leases granted since the last one it returned an update for. A pair counts once. */
  readonly leasesWithoutUpdate: number;
  /** When the newest of all was granted. */
  readonly grantedAt: number;
  /** The newest lease so counted, while none was granted beside it. */
  readonly unpaired: string | null;
}

/** One volunteer, apart by concern: each is written by its own rules. */
export interface VolunteerState {
  readonly id: string;
  readonly identity: Identity;
  readonly presence: Presence;
  readonly reliability: Reliability;
  /**
   * The newest version of which it was given every segment that the version is judged by. It can evaluate that one
   * without a download.
   */
  readonly holds: number | null;
}
