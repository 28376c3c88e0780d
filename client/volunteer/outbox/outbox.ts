import { errorText } from '../../../shared/protocol/error-text.ts';
import { HomeroomClient } from '../../platform/homeroom-client.ts';
import { rest } from '../../platform/rest.ts';
import type { DecidedStore, Decision } from '../decided-store.ts';
import { Delivery } from './delivery.ts';
import { type Keeping, keepUpdate } from './keep-update.ts';
import { type KeptUpdate, nameOfKept, readUpdate, volunteerOfName } from './kept-update.ts';
import { type Answer, describeSetAside, describeUnsent, MOST_BARRED } from './outbox-rules.ts';
import type { LetGo } from './outbox-store.ts';

/** What somebody else is sending is looked at again so often. */
const LOOK_EVERY_MS = 250;

/** Attempts at an update of another platform: it may be gone for good, and nobody waits for it here. */
const FOREIGN_ATTEMPTS = 3;

/** What became of an update. */
export interface Outcome {
  readonly decision: Decision;
  /** Of the last attempt; null if the update was taken, or was never sent. */
  readonly error: unknown;
}

/** An update on its way. */
export interface Sending {
  readonly update: KeptUpdate;
  /** Resolves after the first attempt, whatever came of it. */
  readonly tried: Promise<void>;
  /** Tries it at once, and resolves after that, whatever came of it. */
  readonly tryAnew: () => Promise<void>;
  /** Never rejects. What the update leaves is kept by then. */
  readonly outcome: Promise<Outcome>;
}

export interface OutboxOptions extends Keeping {
  readonly client: HomeroomClient;
  /** Whose updates are waited for and told of. Others are sent beside them. */
  readonly volunteer: string;
  /** Keeps what updates leave. */
  readonly decided: DecidedStore;
  /** In words for people, what waits to be sent and why. Null if nothing does. */
  readonly onUnsent: (unsent: string | null) => void;
  /** In words for people, what is kept and not sent any more before the next start, and why. */
  readonly onSetAside: (setAside: string) => void;
}

/**
 * Sends trained updates until the platform has decided on them. From the moment that it has an update the device keeps it
 * too, so that neither a closed tab nor a platform that is away loses it. Nobody has to wait: the next lease trains.
 */
export class Outbox {
  private readonly options: OutboxOptions;
  private readonly deliveries = new Set<Delivery>();
  private readonly ends = new Map<Delivery, Promise<unknown>>();
  private turn: Promise<unknown> = Promise.resolve();
  /** Own updates that something on the way has barred, and that are kept for the next start. */
  private setAside = 0;
  /** Whether something on the way bars what is sent, for all that is known. */
  private isBarred = false;
  private readonly left = new AbortController();
  private nudged = new AbortController();

  constructor(options: OutboxOptions) {
    this.options = options;
  }

  /** @param isOver whether nothing comes of the update any more. It is asked before the first attempt */
  send(update: KeptUpdate, isOver: () => boolean): Sending {
    const delivery = this.open(update, nameOfKept(update), isOver);
    const claimed = this.claim(delivery.name);
    const kept = claimed.then(() => this.keep(delivery));
    return this.follow(delivery, delivery.deliver(), kept, claimed);
  }

  /**
   * Sends what is left of earlier times, by whomever: of tabs that were closed, of other runs. It resolves when all that
   * is left of this volunteer is known, so that nobody reads what an update leaves before it is decided.
   * @returns those of this volunteer
   */
  async resume(): Promise<readonly Sending[]> {
    const entries = await this.options.store.list().catch(() => []);
    const [own, others]: [string[], string[]] = [[], []];
    for (const { name } of entries) {
      // The file of an older release says it only within.
      const volunteer = volunteerOfName(name) ?? (await this.read(name))?.volunteer;
      (volunteer === this.options.volunteer ? own : others).push(name);
    }
    const found = await Promise.all(own.map(name => this.resumeOne(name)));
    void this.resumeInTurn(others);
    return found.flatMap(one => one ?? []);
  }

  /** The platform may be back: whatever rests is tried now. */
  nudge(): void {
    this.nudged.abort();
    this.nudged = new AbortController();
  }

  /**
   * Tries everything once more. What is not decided after `graceMs`, or when it is cut short, is left for another time.
   */
  async leave(graceMs: number, cutShort: AbortSignal): Promise<void> {
    this.nudge();
    const own = [...this.ends].flatMap(([{ update }, end]) => (this.isOwn(update) ? [end] : []));
    const patience = new AbortController();
    const ended = Promise.all(own).then(() => patience.abort());
    await Promise.race([ended, rest(graceMs, AbortSignal.any([cutShort, patience.signal]))]);
    this.left.abort();
    await Promise.all(this.ends.values());
  }

  private isOwn = ({ volunteer }: KeptUpdate): boolean => volunteer === this.options.volunteer;

  private open(update: KeptUpdate, name: string, isOver: () => boolean): Delivery {
    const { client } = this.options;
    const isHere = update.origin === client.origin;
    const delivery = new Delivery(update, {
      name,
      client: isHere ? client : new HomeroomClient(update.origin, { limits: client.limits }),
      most: isHere ? Number.POSITIVE_INFINITY : FOREIGN_ATTEMPTS,
      mostBarred: () => (this.isBarred ? 1 : MOST_BARRED),
      isOver,
      inTurn: act => this.inTurn(act),
      left: this.left.signal,
      nudged: () => this.nudged.signal,
      onFailure: () => this.tell(),
    });
    this.deliveries.add(delivery);
    return delivery;
  }

  /** One upload at a time: several would share a slow line, and all of them would come late. */
  private inTurn<T>(act: () => Promise<T>): Promise<T> {
    const acted = this.turn.then(act);
    this.turn = acted.catch(() => {});
    return acted;
  }

  /** What an update leaves is kept before the update goes: a crash between the two costs one more upload and no more. */
  private follow(
    delivery: Delivery,
    delivered: Promise<Answer>,
    kept: Promise<void>,
    claimed: Promise<LetGo | null>,
  ): Sending {
    const { update } = delivery;
    const decision = delivered.then(answer => this.decide(delivery, answer, kept));
    const outcome = this.options.decided
      .keepIf(this.leaving(delivered, decision, update), update.leavings)
      .then(async () => {
        await kept;
        if ((await decision) !== 'open') await this.options.store.remove(delivery.name);
        (await claimed)?.();
        this.deliveries.delete(delivery);
        this.ends.delete(delivery);
        this.tell();
        return { decision: await decision, error: delivery.error };
      });
    this.ends.set(delivery, outcome);
    const orDecided = (attempt: Promise<void>): Promise<void> =>
      Promise.race([attempt, outcome.then(() => {})]);
    const tryAnew = () => orDecided(delivery.triedAnew(() => this.nudge()));
    return { update, tried: orDecided(delivery.tried), tryAnew, outcome };
  }

  private async decide(delivery: Delivery, answer: Answer, kept: Promise<void>): Promise<Decision> {
    if (answer === 'taken' || answer === 'refused') {
      // Whoever has answered is there for the others too.
      if (delivery.attempts > 0) {
        this.isBarred = false;
        this.nudge();
      }
      return answer;
    }
    await kept;
    if (answer === 'barred') this.bar(delivery);
    if (delivery.isKept) return 'open';
    return delivery.attempts > 0 ? 'unknown' : 'refused';
  }

  private bar({ update, isKept, error }: Delivery): void {
    this.isBarred = true;
    if (!isKept || !this.isOwn(update)) return;
    this.setAside += 1;
    this.options.onSetAside(describeSetAside(this.setAside, error));
  }

  /**
   * What is decided of that which an update leaves. If the update is set aside, its volunteer trains on. What went with it
   * must not go with the next one too.
   */
  private async leaving(
    delivered: Promise<Answer>,
    decision: Promise<Decision>,
    update: KeptUpdate,
  ): Promise<Decision> {
    const isSetAside = (await delivered) === 'barred' && this.isOwn(update);
    return isSetAside ? 'unknown' : decision;
  }

  /** One after another: all that a device keeps may be more than a tab can hold. */
  private async resumeInTurn(names: readonly string[]): Promise<void> {
    for (const name of names) {
      if (this.left.signal.aborted) return;
      const sending = await this.resumeOne(name);
      await sending?.outcome;
    }
  }

  private async resumeOne(name: string): Promise<Sending | null> {
    const letGo = await this.claim(name);
    const update = await this.read(name);
    if (update && (letGo || this.isOwn(update))) return this.resend(update, name, letGo);
    // What is damaged is of no use to anybody. What cannot be read now may be read another time.
    if (letGo && update === null) await this.options.store.remove(name);
    letGo?.();
    return null;
  }

  /** Null if it is damaged; undefined if it is not there, or cannot be read now. */
  private async read(name: string): Promise<KeptUpdate | null | undefined> {
    const bytes = await this.options.store.get(name);
    return bytes && readUpdate(bytes);
  }

  /** @param letGo null if somebody else is sending it: then it is waited for, and nothing is left to do mostly */
  private resend(update: KeptUpdate, name: string, letGo: LetGo | null): Sending {
    const delivery = this.open(update, name, () => false);
    delivery.isKept = true;
    const claimed = letGo ? Promise.resolve(letGo) : this.claimLater(name);
    const delivered = claimed.then(async mine => {
      const isThere = mine !== null && (letGo !== null || (await this.options.store.get(name)) !== undefined);
      return isThere ? delivery.deliver() : 'again';
    });
    return this.follow(delivery, delivered, Promise.resolve(), claimed);
  }

  /** If nothing can be claimed here, an update is sent all the same: of two that are sent, the platform takes one. */
  private claim = (name: string): Promise<LetGo | null> =>
    this.options.store.claim(name).catch(() => () => {});

  /** Null if it was left before. */
  private async claimLater(name: string): Promise<LetGo | null> {
    while (!this.left.signal.aborted) {
      const letGo = await this.claim(name);
      if (letGo) return letGo;
      await rest(LOOK_EVERY_MS, this.left.signal);
    }
    return null;
  }

  private async keep(delivery: Delivery): Promise<void> {
    try {
      await keepUpdate(delivery.update, delivery.name, this.options);
      delivery.isKept = true;
    } catch (error) {
      delivery.whyNot = errorText(error);
    }
    this.tell();
  }

  private tell(): void {
    const own = [...this.deliveries].filter(({ isWaiting, update }) => isWaiting && this.isOwn(update));
    this.options.onUnsent(describeUnsent(own));
  }
}
