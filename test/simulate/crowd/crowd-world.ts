import type { Grant, LeaseReply } from '../../../shared/federation/lease/grant-lease.ts';
import type { RefusalReason } from '../../../shared/protocol/refusals.ts';
import type { RunConfig } from '../../../shared/protocol/run-config.ts';
import type { VirtualClock } from '../virtual-clock.ts';
import type { CrowdRunSettings } from './crowd-run.ts';
import type { CrowdTraits } from './crowd-traits.ts';
import type { Tally } from './tally.ts';
import type { WaitingRoom } from './waiting-room.ts';

export interface CrowdSettings extends CrowdRunSettings {
  /** Chance that a lease is lost: its volunteer vanishes or freezes. */
  readonly dropout: number;
  /** Chance that a volunteer is hostile. */
  readonly malice: number;
  /** Of the network: what is downloaded and uploaded is counted by them. */
  readonly parameters: number;
}

/** Who joins. */
export interface Newcomer {
  readonly id: string;
  readonly traits: CrowdTraits;
}

/** What a volunteer of a crowd has around it: time, the platform, and others who wait. */
export interface CrowdWorld {
  readonly settings: CrowdSettings;
  readonly config: RunConfig;
  readonly clock: VirtualClock;
  readonly tally: Tally;
  readonly room: WaitingRoom;
  /** When the newest version came out. */
  readonly versionAt: number;
  /** @returns whether there was room for it */
  join(newcomer: Newcomer): boolean;
  request(volunteer: string, beside: string | null): LeaseReply;
  release(volunteer: string, lease: string, reason: string): void;
  /**
   * An update has arrived.
   * @param fault what is wrong with it; `unauthorised` if its token is not ours
   * @param onReply whether it was taken
   */
  upload(grant: Grant, fault: RefusalReason | null, onReply: (isTaken: boolean) => void): void;
  /** Whether an update to this lease was taken. */
  isTaken(lease: string): boolean;
  /** The socket of a volunteer closed. */
  gone(volunteer: string): void;
  /** A volunteer opened its socket again. */
  here(volunteer: string): void;
  /** Training was done for nothing. */
  wasted(grant: Grant, traits: CrowdTraits): void;
  uploadBytes(grant: Grant): number;
  /** Multiply-accumulates of a role's task, kept by role and round. */
  macsOf(role: string, round: number, workOut: () => number): number;
}
