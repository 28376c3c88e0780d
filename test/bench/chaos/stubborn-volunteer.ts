import { RefusedError } from '../../../client/platform/call-platform.ts';
import type { HomeroomClient } from '../../../client/platform/homeroom-client.ts';
import { rest } from '../../../client/platform/rest.ts';
import { readAnswer } from '../../../client/volunteer/outbox/outbox-rules.ts';
import { createRandom, type Random } from '../../../shared/math/random.ts';
import { errorText } from '../../../shared/protocol/error-text.ts';
import type { Lease } from '../../../shared/protocol/lease.ts';
import { evaluationOf, joinRun, type TinyRun, updateOf } from '../../support/tiny-run.ts';

export interface TrainedUpdate {
  readonly lease: string;
  readonly isTraining: boolean;
  /** What became of it: accepted, or the reason of its refusal. Null until that is known. */
  outcome: string | null;
  /** What the last attempt to send it met with, if it was no reply. */
  trouble: string | null;
}

/** A refusal of a lease call that is no reason to give up. */
const RETRY_MS = 200;

/** It keeps what it has trained, and sends it until it hears what became of it, however often it dies meanwhile. */
export class StubbornVolunteer {
  readonly trained: TrainedUpdate[] = [];
  private readonly client: HomeroomClient;
  private readonly tiny: TinyRun;
  private readonly random: Random;
  private readonly name: string;
  private life = new AbortController();
  private isStopping = false;
  private token: string | null = null;

  constructor(client: HomeroomClient, tiny: TinyRun, seed: number, number: number) {
    this.client = client;
    this.tiny = tiny;
    this.name = `volunteer ${number}`;
    this.random = createRandom('stubborn', seed, number);
  }

  /** Whatever it does at the moment breaks off. */
  die(): void {
    this.life.abort(new Error('the volunteer died'));
    this.life = new AbortController();
  }

  /** It takes no more leases. */
  stop(): void {
    this.isStopping = true;
  }

  /** Until it is stopped and all its updates have come to something. */
  async work(): Promise<void> {
    while (!this.isStopping) {
      const lease = await this.nextLease();
      if (!lease) continue;
      await rest(20 + 200 * this.random());
      const update: TrainedUpdate = {
        lease: lease.id,
        isTraining: lease.task.role !== 'evaluator',
        outcome: null,
        trouble: null,
      };
      this.trained.push(update);
      update.outcome = await this.send(lease, update);
    }
  }

  private async nextLease(): Promise<Lease | null> {
    try {
      this.token ??= (await joinRun(this.client, this.tiny.run, { name: this.name })).token;
      const reply = await this.client.lease(this.tiny.run, this.token, { signal: this.life.signal });
      if (reply.type === 'lease') return reply.lease;
      await rest(reply.type === 'wait' ? Math.min(reply.retryAfterMs, RETRY_MS) : RETRY_MS);
    } catch {
      await rest(RETRY_MS * this.random());
    }
    return null;
  }

  private envelopeOf(lease: Lease): Uint8Array<ArrayBuffer> {
    if (lease.task.role === 'evaluator') return evaluationOf(lease, Math.floor(lease.examples / 2));
    const base = Math.floor(this.random() * 1_000);
    return updateOf(this.tiny.model, lease, (tensor, i) => ((tensor.length + base + i) % 17) / 256 - 1 / 32);
  }

  private async send(lease: Lease, update: TrainedUpdate): Promise<string> {
    const envelope = this.envelopeOf(lease);
    for (;;) {
      const error = await this.client
        .putUpdate(this.tiny.run, lease.id, lease.token, envelope, this.life.signal)
        .then(
          () => null,
          (thrown: unknown) => thrown,
        );
      const outcome = outcomeOf(error);
      if (outcome !== null) return outcome;
      update.trouble = errorText(error);
      await rest(50 + RETRY_MS * this.random());
    }
  }
}

/**
 * What an upload says of its update, read as the product reads it: whoever sends again what was accepted is a duplicate of
 * itself. So an update whose reply was lost must be in the ledger too.
 * @param error null if there was none
 */
export function outcomeOf(error: unknown): string | null {
  const answer = readAnswer(error);
  if (answer === 'taken') return 'accepted';
  return answer === 'refused' && error instanceof RefusedError ? error.reason : null;
}
