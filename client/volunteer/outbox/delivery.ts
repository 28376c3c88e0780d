import { backoffMs } from '../../platform/backoff.ts';
import type { HomeroomClient } from '../../platform/homeroom-client.ts';
import { rest } from '../../platform/rest.ts';
import { timed } from '../user-timing.ts';
import type { KeptUpdate } from './kept-update.ts';
import { type Answer, readAnswer, type Unsent } from './outbox-rules.ts';

interface DeliveryOptions {
  /** Under which it is kept, or will be. */
  readonly name: string;
  readonly client: HomeroomClient;
  /** So many attempts, then it is left for another time. */
  readonly most: number;
  /** So many attempts that something on the way bars, then too. */
  readonly mostBarred: () => number;
  /** Whether nothing comes of the update any more. It is asked until the first attempt: later the platform may have it. */
  readonly isOver: () => boolean;
  /** Acts when nothing else is being uploaded. */
  readonly inTurn: <T>(act: () => Promise<T>) => Promise<T>;
  /** Aborted when it is left for another time. */
  readonly left: AbortSignal;
  /** Ends the rest that is going on. */
  readonly nudged: () => AbortSignal;
  /** After each attempt that the platform did not answer. */
  readonly onFailure: () => void;
}

/** The attempts at one update, until the platform has answered. */
export class Delivery implements Unsent {
  readonly update: KeptUpdate;
  readonly name: string;
  isKept = false;
  whyNot: string | null = null;
  error: unknown = null;
  attempts = 0;
  private barred = 0;
  /** Attempts that have ended, whatever came of them. */
  private ended = 0;
  private listeners: (() => void)[] = [];
  /** Resolves after the first attempt, whatever came of it. */
  readonly tried: Promise<void>;
  private readonly options: DeliveryOptions;

  constructor(update: KeptUpdate, options: DeliveryOptions) {
    this.update = update;
    this.name = options.name;
    this.options = options;
    this.tried = this.attemptEnded();
  }

  /** Whether it waits for a platform that does not answer. */
  get isWaiting(): boolean {
    return this.error !== null;
  }

  /**
   * Resolves after an attempt that begins from now on. One under way began when the platform may have been away.
   * @param nudge ends the rest before an attempt
   */
  async triedAnew(nudge: () => void): Promise<void> {
    const begun = this.attempts;
    while (this.ended <= begun) {
      nudge();
      await this.attemptEnded();
    }
  }

  private attemptEnded(): Promise<void> {
    return new Promise(resolve => this.listeners.push(resolve));
  }

  /** @returns `again` if it was left before the platform answered, `barred` if that was for all that barred it */
  async deliver(): Promise<Answer> {
    const { client, most, mostBarred, inTurn, left, nudged, onFailure } = this.options;
    for (;;) {
      const answer = await inTurn(() => this.attempt());
      this.ended = this.attempts;
      for (const heard of this.listeners.splice(0)) heard();
      if (answer === 'taken' || answer === 'refused') return answer;
      if (answer === 'barred') this.barred += 1;
      onFailure();
      if (this.barred >= mostBarred()) return 'barred';
      if (!left.aborted && this.attempts < most)
        await rest(
          backoffMs(this.attempts, client.limits.callRetry, Math.random()),
          AbortSignal.any([left, nudged()]),
        );
      if (left.aborted || this.attempts >= most) return 'again';
    }
  }

  private async attempt(): Promise<Answer> {
    const { client, isOver, left } = this.options;
    const { run, lease, token, envelope } = this.update;
    if (this.attempts === 0 && isOver()) return 'refused';
    if (left.aborted) return 'again';
    this.attempts += 1;
    const cutOff = new AbortController();
    // What is kept can be sent another time. What is only in memory has no other time.
    const onLeft = (): void => void (this.isKept && cutOff.abort());
    left.addEventListener('abort', onLeft);
    try {
      await timed('upload', () => client.putUpdate(run, lease, token, envelope, cutOff.signal));
      this.error = null;
    } catch (error) {
      this.error = error;
    } finally {
      left.removeEventListener('abort', onLeft);
    }
    return readAnswer(this.error);
  }
}
