import { accepted, type Refusal, type Result, refused } from '../../shared/protocol/refusals.ts';
import { siteOf } from './site-of.ts';
import { LONGEST_WAIT_MS, Turns } from './turns.ts';

/**
 * [CROWD7] Two classes behind one address join at once, and one more each half a minute. Those who know the join code are no
 * strangers, and may be a whole school. Places last ten minutes (CROWD2), so one site alone never fills a run of 2,000.
 */
const A_SITE = { burst: 60, everyMs: 1_000 };
const WITH_CODE = { burst: 120, everyMs: 500 };

/** [CROWD7] Of all sites together, ten a second: a join costs a row, and tells everyone who looks on. */
const ALL = { burst: 600, everyMs: 100 };

/** Whoever comes so late lost its turn. */
const GRACE_MS = 60_000;

/** A client's clock and timer may be this early. */
const EARLY_MS = 50;

/** Beyond so many, those of sites that are quiet are forgotten. */
const MOST_LINES = 1_000;

/** Who waits for a turn, and for which one. */
interface Waiting {
  readonly at: number;
  readonly line: 'site' | 'all';
}

/** Who wants to join. */
interface Caller {
  /** Names the wish: whoever comes back for its turn shows it again. */
  readonly wish: string;
  /** Empty on a laptop, which tells no addresses, and from a Worker of an older release. */
  readonly address: string;
  /** Whether it has shown the run's join code. */
  readonly hasCode: boolean;
}

/**
 * [CROWD7] Lets those who join in at the pace that a run can bear. Whoever comes too soon is told when its turn is, and has
 * it when it comes back; so nobody is lost, and nobody has to be quick. It counts in memory: an object that sleeps was not
 * busy.
 */
export class JoinGate {
  private readonly lines = new Map<string, Turns>();
  private readonly all = new Turns(ALL.burst, ALL.everyMs);
  private readonly waiting = new Map<string, Waiting>();

  admit(caller: Caller, now: number): Result<true> {
    this.forgetLate(now);
    const known = this.waiting.get(caller.wish);
    if (known && !isDue(known, now)) return wait(known, now);
    this.waiting.delete(caller.wish);
    if (known?.line === 'all') return accepted(true);
    const line = known || caller.address === '' ? null : this.lineOf(caller, now);
    return (
      this.takeTurn(caller, 'site', line, now) ??
      this.takeTurn(caller, 'all', this.all, now) ??
      accepted(true)
    );
  }

  /** Null if its turn is now. Those who wait for their site's turn take none of all: a site alone holds up nobody else. */
  private takeTurn(
    { wish }: Caller,
    line: Waiting['line'],
    turns: Turns | null,
    now: number,
  ): Refusal | null {
    if (turns === null) return null;
    if (turns.waitMs(now) > LONGEST_WAIT_MS) return wait({ at: now + LONGEST_WAIT_MS, line }, now);
    const waiting = { at: turns.take(now), line };
    if (isDue(waiting, now)) return null;
    this.waiting.set(wish, waiting);
    return wait(waiting, now);
  }

  private lineOf({ address, hasCode }: Caller, now: number): Turns {
    const key = `${hasCode} ${siteOf(address, 3)}`;
    const { burst, everyMs } = hasCode ? WITH_CODE : A_SITE;
    const line = this.lines.get(key) ?? new Turns(burst, everyMs);
    if (this.lines.size >= MOST_LINES)
      for (const [other, turns] of this.lines) if (turns.isFull(now)) this.lines.delete(other);
    this.lines.set(key, line);
    return line;
  }

  private forgetLate(now: number): void {
    if (this.waiting.size === 0) return;
    for (const [wish, { at }] of this.waiting) {
      if (at > now - GRACE_MS) break;
      this.waiting.delete(wish);
    }
  }
}

const isDue = ({ at }: Waiting, now: number): boolean => at <= now + EARLY_MS;

function wait({ at, line }: Waiting, now: number): Refusal {
  const where = line === 'site' ? 'from this network' : 'this run';
  const seconds = Math.max(1, Math.ceil((at - now) / 1_000));
  return {
    ...refused('busy', `many join ${where} just now: this device is let in after ${seconds} s`),
    retryAfterMs: Math.max(0, at - now),
  };
}
