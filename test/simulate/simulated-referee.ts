import type { GrantedCheck, VerdictReply } from '../../shared/federation/check/check.ts';
import { tellApart } from '../../shared/federation/check/tell-apart.ts';
import type { CheckingRound } from '../../shared/federation/round/round-state.ts';
import type { CheckVerdict } from '../../shared/protocol/check.ts';
import type { CountedUpdate } from '../../shared/protocol/cohort-report.ts';
import type { SimulatedPlatform } from './simulated-platform.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** How a referee checks. */
export interface Checking {
  /** How long it takes for one verdict. */
  readonly checkMs: number;
  /** Stops checking without a word after so long. Never if it is null. */
  readonly until: number | null;
}

/** A hostile update makes any version worse that it is in. An honest one makes it a little better, or a little worse. */
const HOSTILE = 1_000;
const HONEST = [-0.02, 0.01, -0.01] as const;

/** An honest referee, which knows what updates do as if it measured them. */
export class SimulatedReferee {
  private readonly platform: SimulatedPlatform;
  private readonly clock: VirtualClock;
  private readonly volunteer: string;
  private readonly isHostile: (lease: string) => boolean;
  private readonly checking: Checking;
  private checks = 0;

  constructor(
    platform: SimulatedPlatform,
    clock: VirtualClock,
    volunteer: string,
    isHostile: (lease: string) => boolean,
    checking: Checking,
  ) {
    this.platform = platform;
    this.clock = clock;
    this.volunteer = volunteer;
    this.isHostile = isHostile;
    this.checking = checking;
  }

  ask(): void {
    const { until } = this.checking;
    if (until !== null && this.clock.elapsed > until) return;
    const check = `${this.volunteer}check${++this.checks}`;
    const result = this.platform.input({ type: 'request-check', volunteer: this.volunteer, check });
    const reply = result.ok ? result.value.check : undefined;
    if (reply?.type === 'wait') this.clock.after(Math.min(1_000, reply.retryAfterMs), () => this.ask());
    if (reply?.type === 'check') this.clock.after(this.checking.checkMs, () => this.measure(reply));
  }

  private async measure(check: GrantedCheck): Promise<void> {
    const after = check.task.exits.map(() => this.lossOf(this.counted));
    const before = check.measuresBefore ? { before: check.task.exits.map(() => 1) } : {};
    const reply = this.tell(check, { type: 'losses', after, ...before });
    if (reply?.type !== 'tell-apart') return this.ask();
    this.clock.after(this.checking.checkMs, async () => {
      const { roles, ...limits } = reply.suspects;
      const leases: string[] = [];
      for (const { updates } of roles) {
        const named = await tellApart(updates, limits, async group =>
          limits.limits.map(() => this.lossOf(group)),
        );
        leases.push(...named.map(({ lease }) => lease));
      }
      this.tell(check, { type: 'harmful', leases });
      this.ask();
    });
  }

  private tell({ id: check }: GrantedCheck, verdict: CheckVerdict): VerdictReply | undefined {
    const result = this.platform.input({ type: 'checked', volunteer: this.volunteer, check, verdict });
    return result.ok ? result.value.verdict : undefined;
  }

  private get counted(): readonly CountedUpdate[] {
    const { round } = this.platform.state;
    return round.status === 'checking' ? countedIn(round) : [];
  }

  private lossOf(group: readonly { readonly lease: string }[]): number {
    const moves = group.map(({ lease }) => (this.isHostile(lease) ? HOSTILE : honestMove(lease)));
    return 1 + moves.reduce<number>((sum, move) => sum + move, 0) / Math.max(1, moves.length);
  }
}

const honestMove = (lease: string): number => HONEST[Number(lease.replace(/\D/g, '')) % HONEST.length] ?? 0;

export const countedIn = ({ folded }: Pick<CheckingRound, 'folded'>): CountedUpdate[] =>
  Object.values(folded).flatMap(fold => fold?.counted ?? []);
