import type { Remote } from 'comlink';
import type { RunInfo } from '../../shared/protocol/messages.ts';
import type { HomeroomClient } from '../platform/homeroom-client.ts';
import type { TrainerApi, TrainerOptions } from '../trainer/trainer-api.ts';
import type { BlobSource } from './blob-source.ts';
import type { ByteStore } from './byte-store.ts';
import type { Outbox } from './outbox/outbox.ts';
import type { OutboxStore } from './outbox/outbox-store.ts';
import type { TensorKeeper } from './tensor-keeper.ts';
import type { VolunteerControl } from './volunteer-control.ts';
import type { StatusTracker, VolunteerStatus } from './volunteer-status.ts';
import type { WorkLimits } from './work-limits.ts';

/** Who this device is in a run. It is kept, so that a reload comes back as the same volunteer. */
export interface VolunteerIdentity {
  readonly volunteer: string;
  readonly token: string;
  /** The order of joining, if the platform told it. */
  readonly index?: number | undefined;
}

/** [CROWD8] How this device passes the platform's check of people, if there is one and it joins as no referee. */
export interface PersonCheck {
  /** By which it will join. What is passed is of this wish and of no other. */
  readonly nonce: string;
  /**
   * Waits for a person, if it must.
   * @param refused the pass that the platform does not take any more; null if none was shown
   */
  readonly pass: (refused: string | null, signal: AbortSignal) => Promise<string>;
}

export interface VolunteerOptions {
  readonly client: HomeroomClient;
  readonly run: string;
  readonly trainer: Remote<TrainerApi>;
  readonly trainerOptions: TrainerOptions;
  /** Blobs that were downloaded, by their hash. */
  readonly cache: ByteStore;
  /** What is kept from update to update: what lossy codecs left unsent, and what updates have moved. */
  readonly residuals: ByteStore;
  /** Keeps trained updates until the platform has decided on them. If left out, they are kept in memory only. */
  readonly outbox?: OutboxStore;
  readonly control: VolunteerControl;
  readonly name: string;
  readonly memoryMB: number;
  /** What its owner agreed to for one lease. If left out, `defaultWorkLimits`. */
  readonly workLimits?: WorkLimits;
  readonly code?: string;
  /** Left out if nobody is there who could pass a check. */
  readonly person?: PersonCheck;
  /** Joins as referee. */
  readonly hostKey?: string;
  readonly identity?: VolunteerIdentity | null;
  readonly onIdentity?: (identity: VolunteerIdentity) => void;
  readonly onStatus?: (status: VolunteerStatus) => void;
}

/** What one volunteer's leases have in common. */
export interface Work {
  readonly options: VolunteerOptions;
  readonly info: RunInfo;
  readonly identity: VolunteerIdentity;
  readonly blobs: BlobSource;
  readonly residuals: TensorKeeper;
  readonly drifts: TensorKeeper;
  readonly outbox: Outbox;
  readonly status: StatusTracker;
  /** Multiply-accumulates a second of this device, as it measured when it came; 0 if it did not. */
  readonly macsPerSecond: number;
  readonly workLimits: WorkLimits;
}
