import type { EventBody, RunEvent } from '../../../shared/protocol/events.ts';
import type { RefusalReason } from '../../../shared/protocol/refusals.ts';
import { countsIn } from '../../support/counts-in.ts';

/** What was asked of the platform, by what it costs. */
export interface Demand {
  joins: number;
  /** Asked for a lease, and there was none. */
  polls: number;
  grants: number;
  /** Training updates that were taken. */
  answers: number;
  /** Evaluators' updates that were taken. */
  evaluations: number;
  refusals: number;
  releases: number;
  sockets: number;
  downloads: number;
  versions: number;
  /** Updates that are too large for a row of the cohort's storage. */
  largeUpdates: number;
  alarms: number;
}

/** Everything that is counted of a simulated run. */
export class Tally {
  readonly demand: Demand = {
    ...{ joins: 0, polls: 0, grants: 0, answers: 0, evaluations: 0, refusals: 0, releases: 0 },
    ...{ sockets: 0, downloads: 0, versions: 0, largeUpdates: 0, alarms: 0 },
  };
  /** Training updates in the ledger. */
  accepted = 0;
  readonly refused = new Map<RefusalReason, number>();
  /** Honest training that was stopped by the platform, or whose update it did not take. */
  wasted = 0;
  /** Leases that a volunteer lost. */
  dropped = 0;
  turnedAway = 0;
  requests = 0;
  requestsPerSecondPeak = 0;
  steps = 0;
  /** When each version came out. */
  readonly versionsAt: number[] = [];
  private stalenessSum = 0;
  private readonly second = { number: -1, requests: 0 };

  /** One HTTP request reaches the platform. */
  request(now: number): void {
    this.requests += 1;
    const number = Math.floor(now / 1_000);
    if (this.second.number !== number) Object.assign(this.second, { number, requests: 0 });
    this.second.requests += 1;
    this.requestsPerSecondPeak = Math.max(this.requestsPerSecondPeak, this.second.requests);
  }

  record({ at, event }: RunEvent): void {
    if (event.type === 'update-accepted') this.recordAccepted(event);
    if (event.type === 'update-refused') this.refuse(event.reason);
    if (event.type !== 'version-published') return;
    this.versionsAt.push(at);
    this.demand.versions += 1;
  }

  refuse(reason: RefusalReason): void {
    this.demand.refusals += 1;
    this.refused.set(reason, (this.refused.get(reason) ?? 0) + 1);
  }

  /** Rounds between that of a lease and that in which its update counted, on average. */
  get stalenessMean(): number {
    return this.stalenessSum / Math.max(1, this.accepted);
  }

  private recordAccepted(event: Extract<EventBody, { type: 'update-accepted' }>): void {
    if (event.role === 'evaluator') {
      this.demand.evaluations += 1;
      return;
    }
    this.demand.answers += 1;
    this.accepted += 1;
    this.stalenessSum += countsIn(event) - event.round;
  }
}
