import type { Role } from '../../shared/protocol/identifiers.ts';

export type Activity =
  | 'starting'
  | 'waiting'
  | 'downloading'
  | 'training'
  | 'uploading'
  | 'paused'
  | 'stopped'
  | 'failed';

/** What a volunteer sees of its own work. What the platform keeps of a volunteer is `VolunteerState`. */
export interface VolunteerStatus {
  readonly activity: Activity;
  /** In words for people: why it waits, pauses, or failed. */
  readonly note: string | null;
  readonly volunteer: string | null;
  readonly backend: string | null;
  /** Threads that train. */
  readonly threads: number;
  /** Why it is another backend or a smaller batch than was asked for, in words for people; null if it is as asked. */
  readonly fallback: string | null;
  /** The lease in hand. */
  readonly lease: string | null;
  /** All open leases: the one in hand, the next one asked for ahead, and the last one while its update is on its way. */
  readonly held: readonly string[];
  /** Those of them whose update is on its way. */
  readonly sending: readonly string[];
  /** In words for people, which updates wait for a platform that does not answer; null if none does. */
  readonly unsent: string | null;
  /** In words for people, which updates are kept and not sent any more before the next start; null if none is. */
  readonly setAside: string | null;
  /** [STAND9] In words for people: why it earned no standing or lost some, and how to come back; null if it is well. */
  readonly standing: string | null;
  readonly role: Role | null;
  readonly round: number | null;
  /** Share of the lease in hand that is done, in [0, 1]. */
  readonly progress: number;
  readonly loss: number | null;
  readonly samplesPerSecond: number | null;
  readonly contributions: number;
  readonly refused: number;
  /** The version that this referee checks now; null if none. */
  readonly checking: number | null;
  /** Versions that it has checked. */
  readonly checked: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
}

export const idleVolunteer: VolunteerStatus = {
  activity: 'starting',
  note: null,
  volunteer: null,
  backend: null,
  threads: 1,
  fallback: null,
  lease: null,
  held: [],
  sending: [],
  unsent: null,
  setAside: null,
  standing: null,
  role: null,
  round: null,
  progress: 0,
  loss: null,
  samplesPerSecond: null,
  contributions: 0,
  refused: 0,
  checking: null,
  checked: 0,
  bytesUp: 0,
  bytesDown: 0,
};

/** For a volunteer between leases. */
export const noLease = { lease: null, role: null, round: null, progress: 0 } as const;

export interface StatusTracker {
  readonly now: VolunteerStatus;
  set(change: Partial<VolunteerStatus>): VolunteerStatus;
}

export function trackStatus(onStatus: (status: VolunteerStatus) => void = () => {}): StatusTracker {
  let now = idleVolunteer;
  return {
    get now() {
      return now;
    },
    set: change => {
      now = { ...now, ...change };
      onStatus(now);
      return now;
    },
  };
}
