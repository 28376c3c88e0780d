import type { LeasedRole } from '../../shared/federation/round/round-alike.ts';
import type { Lease } from '../../shared/protocol/lease.ts';
import type { VolunteerControl } from './volunteer-control.ts';

/** Why a lease's switch was turned: it has ended at the platform, which takes no update for it and wants nothing back. */
const OVER = new Error('the lease is over');

/** Whether the platform has ended the lease of this signal. */
export const isOver = (signal: AbortSignal): boolean => signal.reason === OVER;

/** The leases that a volunteer holds, with a switch each. They hold no bytes: an upload may outlast the next training. */
export class OpenLeases {
  private readonly control: VolunteerControl;
  private readonly leases = new Map<string, { readonly lease: Lease; readonly stop: AbortController }>();

  constructor(control: VolunteerControl) {
    this.control = control;
  }

  get ids(): readonly string[] {
    return [...this.leases.keys()];
  }

  /** @returns aborted by pause and stop, and when its update can count in no round any more or the run is over */
  add(lease: Lease): AbortSignal {
    const stop = this.control.leaseSwitch();
    this.leases.set(lease.id, { lease, stop });
    return stop.signal;
  }

  remove(id: string): void {
    const open = this.leases.get(id);
    if (open) this.control.forgetLease(open.stop);
    this.leases.delete(id);
  }

  /**
   * Ends the training leases whose updates can count in no round any more: whoever still trains for one stops.
   * @returns those that nothing had ended before
   */
  endStale(isStale: (lease: LeasedRole) => boolean): readonly string[] {
    const stale = [...this.leases.values()].filter(
      ({ lease: { round, task }, stop }) =>
        !stop.signal.aborted && task.role !== 'evaluator' && isStale({ role: task.role, round }),
    );
    for (const { stop } of stale) stop.abort(OVER);
    return stale.map(({ lease }) => lease.id);
  }

  /** The run has ended, and every lease with it. */
  endRun(): void {
    for (const { stop } of this.leases.values()) stop.abort(OVER);
  }
}
