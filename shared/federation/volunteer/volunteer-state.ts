import type { Role } from '../../protocol/identifiers.ts';
import type { Device } from '../../protocol/messages.ts';
import type { Standing } from '../../protocol/standing.ts';

/** Who a volunteer is. It says so once, when it joins. Its host may give it another name. */
export interface Identity {
  /** Order of joining, from 0. Together with the round it says which role is its turn. */
  readonly index: number;
  readonly name: string;
  readonly device: Device;
  readonly referee: boolean;
  /** The key that made it a referee, if that was neither the host's nor the owner's. */
  readonly key?: string;
}

/**
 * When the run heard of it, as of the last time that its row was written: when it joined or was granted its newest lease.
 * `RunState.presence` knows better. This is what is left of it if the object has slept.
 */
interface Contact {
  readonly seenAt: number;
}

/** [LEASE11] Whether it returns an update for what it is leased. */
export interface Reliability {
  /** Leases granted since the last one that it returned an update for. A pair counts once. */
  readonly leasesWithoutUpdate: number;
  /** When its newest lease was granted, counted or not. */
  readonly grantedAt: number;
  /** The newest lease that was counted, until another is granted beside it. */
  readonly unpaired: string | null;
}

/** One volunteer. Its concerns stand apart, since each is written by rules of its own. */
export interface VolunteerState {
  readonly id: string;
  readonly identity: Identity;
  /** Left out in rows of older releases. */
  readonly joinedAt?: number;
  readonly presence: Contact;
  readonly reliability: Reliability;
  /**
   * [LEASE17] How quick it was in its last leases of each role, in ms for each multiply-accumulate. Left out if it has
   * returned no update.
   */
  readonly paces?: Readonly<Partial<Record<Role, readonly number[]>>>;
  /** [CROWD4] A training update of it was accepted. Left out if none was, and in rows of older releases. */
  readonly proven?: true;
  /** [DIV1] How often its rate is halved. Left out if it never is. */
  readonly halvings?: number;
  /** [STAND1] Left out as long as nothing is known of it. */
  readonly standing?: Standing;
  /** [EVAL10] Of how many versions its judgement was contradicted. Left out if none was. */
  readonly contradicted?: number;
  /** [CHECK10] How many of its updates were refused as harmful. Left out if none was. */
  readonly harmful?: number;
  /** [CHECK10] The last round in which it gets no training lease for that. */
  readonly heldBackUntil?: number;
  /** [CHECK4] Whether this referee checks versions: it asked for a check, and has let none pass since. */
  readonly checks?: boolean;
  /**
   * The newest version of which it was given every segment that the version is judged by. It can evaluate that one
   * without a download.
   */
  readonly holds: number | null;
  /** [KEY2] The host has put it out. Left out otherwise. */
  readonly isRemoved?: boolean;
}
