import { backoffMs } from '../../../client/platform/backoff.ts';
import { timeLimits } from '../../../client/platform/time-limits.ts';
import type { Grant, LeaseReply } from '../../../shared/federation/lease/grant-lease.ts';
import { createRandom, type Random } from '../../../shared/math/random.ts';
import type { RefusalReason } from '../../../shared/protocol/refusals.ts';
import { type CrowdTraits, drawMs } from './crowd-traits.ts';
import type { CrowdWorld, Newcomer } from './crowd-world.ts';
import { type OpeningHours, openingHours } from './opening-hours.ts';
import { type Loss, Pace, type Trick } from './pace.ts';

/** A socket that says nothing for so long is taken for lost: a ping after half a minute, and no sign of life. */
const SILENCE_MS = timeLimits.pingMs + timeLimits.pongMs;

/** The next lease is asked for when this one has so long to go, as in `client/volunteer/run-volunteer`. */
const AHEAD_MS = 3_000;

/** How long a volunteer is away after that, on average. A frozen tab goes on with its lease, and sends it late. */
const AWAY_MS: Readonly<Record<Loss, number>> = { crash: 30_000, silence: 30_000, freeze: 45_000 };

/** Chance that a request or its reply gets lost on the way, and is sent again. */
const LOST_CONNECTION = 0.003;

/** One volunteer of a crowd: what `client/volunteer` does, without the training. */
export class CrowdVolunteer implements Newcomer {
  readonly id: string;
  readonly traits: CrowdTraits;
  private readonly crowd: CrowdWorld;
  private readonly random: Random;
  private readonly pace: Pace;
  /** Counts up when the volunteer leaves, comes back or is frozen out. What was planned before is void. */
  private life = 0;
  /** The same for the training in hand. */
  private training = 0;
  private held: Grant | null = null;
  private isAway = false;
  /** Whether the platform was told that its socket is lost. */
  private isGone = false;
  private ahead: Grant | 'asked' | null = null;
  /** The update on its way, and the lease whose update was sent last. */
  private sending: string | null = null;
  private sent: string | null = null;
  /** An update that the platform may not have decided on. It outlives a lost tab, as in `client/volunteer/outbox`. */
  private kept: Grant | null = null;
  private isNewlySent = false;
  private asksEarly = true;
  private whenSent: (() => void) | null = null;
  private whenAhead: (() => void) | null = null;

  constructor(crowd: CrowdWorld, number: number, traits: CrowdTraits) {
    this.crowd = crowd;
    this.id = `volunteer${number}`;
    this.traits = traits;
    this.random = createRandom('crowd-volunteer', crowd.settings.seed, number);
    this.pace = new Pace(crowd, traits, this.random);
  }

  arrive(): void {
    this.call(
      () => this.crowd.join(this),
      isIn => {
        if (!isIn) return;
        const hours = openingHours(this.traits, this.random);
        if (hours) this.closeAfter(hours.firstMs(), hours);
        this.ask();
      },
    );
  }

  /** The ledger says that a lease of this volunteer is over. */
  hearEnd(lease: string, isOver: boolean): void {
    if (!isOver) return;
    if (this.ahead !== 'asked' && this.ahead?.lease.id === lease) this.ahead = null;
    if (this.held?.lease.id !== lease) return;
    this.training += 1;
    this.crowd.wasted(this.held, this.traits);
    this.held = null;
    this.next();
  }

  private ask(): void {
    if (!this.asksEarly && this.sending) {
      this.whenSent = () => this.ask();
      return;
    }
    const heard = this.crowd.room.signals;
    this.call(
      () => this.crowd.request(this.id, this.sent),
      reply => this.hear(reply, heard),
    );
  }

  private hear(reply: LeaseReply, heard: number): void {
    if (this.isNewlySent) this.asksEarly = reply.type === 'lease';
    this.isNewlySent = false;
    if (reply.type === 'finished') return;
    if (reply.type === 'lease') this.work(reply);
    // The update on its way may be all that is waited for.
    else if (this.sending) this.whenSent = () => this.ask();
    else
      this.crowd.room.sleep(
        reply,
        heard,
        this.inThisLife(() => this.ask()),
      );
  }

  private work(grant: Grant): void {
    this.held = grant;
    this.training += 1;
    const loss = this.pace.drawLoss();
    const usualMs = this.pace.downloadMs(grant) + this.pace.trainMs(grant);
    const frozenMs = loss === 'freeze' ? drawMs(this.random, AWAY_MS.freeze) : 0;
    const totalMs = usualMs + frozenMs;
    if (frozenMs > SILENCE_MS) this.freeze(usualMs / 2);
    if (loss !== null) this.crowd.tally.dropped += 1;
    if (loss === 'crash' || loss === 'silence')
      this.crowd.clock.after(
        this.random() * usualMs,
        this.inThisTraining(() => this.vanish(loss)),
      );
    this.crowd.clock.after(
      Math.max(0, totalMs - AHEAD_MS),
      this.inThisTraining(() => this.askAhead(grant)),
    );
    this.crowd.clock.after(
      totalMs,
      this.inThisTraining(() => this.finish(grant)),
    );
  }

  /** A frozen tab is silent. Its lease goes on when it wakes. */
  private freeze(afterMs: number): void {
    this.crowd.clock.after(
      afterMs + SILENCE_MS,
      this.inThisTraining(() => this.goneFromHere()),
    );
  }

  private goneFromHere(): void {
    this.isGone = true;
    this.crowd.gone(this.id);
  }

  private backHere(): void {
    if (this.isGone) this.crowd.here(this.id);
    this.isGone = false;
  }

  private askAhead({ lease, more }: Grant): void {
    if (this.ahead || this.sending || !more) return;
    this.ahead = 'asked';
    this.call(
      () => this.crowd.request(this.id, lease.id),
      reply => {
        this.ahead = reply.type === 'lease' ? reply : null;
        const go = this.whenAhead;
        this.whenAhead = null;
        go?.();
      },
    );
  }

  private finish(grant: Grant): void {
    this.held = null;
    this.backHere();
    // The last update goes first.
    if (this.sending) this.whenSent = () => this.finish(grant);
    else {
      this.send(grant);
      this.next();
    }
  }

  /** The lease asked for ahead, or what the platform says now. */
  private next(): void {
    if (this.ahead === 'asked') {
      this.whenAhead = () => this.next();
      return;
    }
    const { ahead } = this;
    this.ahead = null;
    if (ahead) this.work(ahead);
    else this.ask();
  }

  private send(grant: Grant, attempt = 1): void {
    const { id } = grant.lease;
    this.kept = grant;
    this.sending = id;
    this.sent = id;
    this.isNewlySent = true;
    this.asksEarly ||= grant.more;
    const trick = this.pace.drawTrick();
    this.crowd.clock.after(
      this.pace.uploadMs(grant, trick),
      this.inThisLife(() => this.upload(grant, trick, attempt)),
    );
  }

  private upload(grant: Grant, trick: Trick | null, attempt: number): void {
    const isLost = this.random() < LOST_CONNECTION;
    const arrives = !isLost || this.random() < 0.5;
    const fault: RefusalReason | null =
      trick === 'not-finite' || trick === 'out-of-range' ? trick : trick === 'forged' ? 'unauthorised' : null;
    if (arrives) this.crowd.upload(grant, fault, isTaken => !isLost && this.done(grant, isTaken, attempt));
    if (arrives && trick === 'duplicated') this.crowd.upload(grant, fault, () => {});
    if (!isLost) return;
    this.crowd.clock.after(
      backoffMs(attempt, timeLimits.callRetry, this.random()),
      this.inThisLife(() => this.upload(grant, trick, attempt + 1)),
    );
  }

  private done(grant: Grant, isTaken: boolean, attempt: number): void {
    if (this.sending !== grant.lease.id) return;
    // A repeated upload is told from a new one.
    const isDone = isTaken || (attempt > 1 && this.crowd.isTaken(grant.lease.id));
    this.sending = null;
    this.kept = null;
    if (!isDone) {
      this.sent = null;
      this.crowd.wasted(grant, this.traits);
      this.crowd.release(this.id, grant.lease.id, 'the update did not get through');
    }
    const go = this.whenSent;
    this.whenSent = null;
    go?.();
  }

  private vanish(loss: Loss): void {
    this.leave();
    this.isAway = true;
    const goneAfterMs = loss === 'crash' ? 0 : SILENCE_MS;
    const tellGone = this.inThisLife(() => this.isAway && this.goneFromHere());
    this.crowd.clock.after(goneAfterMs, tellGone);
    const comeBack = this.inThisLife(() => this.comeBack());
    this.crowd.clock.after(drawMs(this.random, AWAY_MS[loss]), comeBack);
  }

  /** What was in hand is lost, except an update on its way. */
  private leave(): void {
    this.life += 1;
    this.training += 1;
    this.held = null;
    this.ahead = null;
    this.sending = null;
    this.sent = null;
    this.whenSent = null;
    this.whenAhead = null;
  }

  private comeBack(): void {
    this.isAway = false;
    this.backHere();
    if (this.kept) this.send(this.kept, 2);
    // The lease of an update that was kept may be over by now.
    if (this.kept) this.whenSent = () => this.ask();
    else this.ask();
  }

  private closeAfter(ms: number, hours: OpeningHours): void {
    this.crowd.clock.after(ms, () => {
      for (const grant of [this.held, this.ahead])
        if (grant && grant !== 'asked') this.crowd.release(this.id, grant.lease.id, 'the page was closed');
      this.leave();
      this.goneFromHere();
      if (!hours.comesBack()) return;
      const goOn = this.inThisLife(() => {
        this.comeBack();
        this.closeAfter(hours.nextMs(), hours);
      });
      this.crowd.clock.after(hours.awayMs(), goOn);
    });
  }

  /** A request and its reply. Whoever is gone by then does not hear it. */
  private call<T>(ask: () => T, hear: (reply: T) => void): void {
    const { clock } = this.crowd;
    const back = this.inThisLife(hear);
    clock.after(this.traits.latencyMs, () => {
      const reply = ask();
      clock.after(this.traits.latencyMs, () => back(reply));
    });
  }

  private inThisLife<A extends unknown[]>(act: (...args: A) => void): (...args: A) => void {
    const { life } = this;
    return (...args) => {
      if (life === this.life) act(...args);
    };
  }

  private inThisTraining(act: () => void): () => void {
    const { training } = this;
    return this.inThisLife(() => {
      if (training === this.training) act();
    });
  }
}
