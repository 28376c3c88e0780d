import type { Envelopes, KeptUpdate } from '../cohort/ports.ts';
import type { Role } from '../protocol/identifiers.ts';
import type { Archives } from './ports.ts';

/**
 * A role's archived envelopes as the one cohort of a replay reads them, round after round. A fold that does not fit in memory reads all
 * of a round once for each group of shards, in order, two envelopes at once and each in parts. So one way through the
 * archive is open at a time, and two envelopes are in memory.
 */
export class ArchivedEnvelopes implements Envelopes {
  /** Of the envelope that was given last, from 0. */
  number = -1;
  private readonly archives: Archives;
  private readonly role: Role;
  private round = 0;
  private open: AsyncIterator<Uint8Array> | null = null;
  /** Those that were given last, by their numbers. */
  private last: readonly { readonly number: number; readonly envelope: Uint8Array }[] = [];
  private reading: Promise<unknown> = Promise.resolve();

  constructor(archives: Archives, role: Role) {
    this.archives = archives;
    this.role = role;
  }

  /** All of a round, from the first on. */
  async *of(round: number): AsyncIterable<Uint8Array> {
    await this.begin(round);
    for (let envelope = await this.next(); envelope; envelope = await this.next()) yield envelope;
  }

  /** One after another, since there is one way through. @throws if the archive is shorter than it was */
  async read({ lease, place }: KeptUpdate, offset: number, bytes: number): Promise<Uint8Array> {
    const wanted = 'key' in place ? Number(place.key) : -1;
    const next = () => this.find(wanted);
    const reading = this.reading.then(next, next);
    this.reading = reading;
    const envelope = await reading;
    if (!envelope) throw new Error(`the archived update of lease ${lease} is gone`);
    return envelope.subarray(offset, offset + bytes);
  }

  private async find(wanted: number): Promise<Uint8Array | null> {
    const kept = this.last.find(({ number }) => number === wanted);
    if (kept) return kept.envelope;
    if (wanted <= this.number || !this.open) await this.begin(this.round);
    for (let envelope = await this.next(); envelope; envelope = await this.next())
      if (this.number === wanted) return envelope;
    return null;
  }

  /** They lie in the archive already. */
  async archive(): Promise<void> {}

  private async begin(round: number): Promise<void> {
    await this.open?.return?.();
    this.round = round;
    this.number = -1;
    this.last = [];
    this.open = this.archives.envelopes(this.role, round)[Symbol.asyncIterator]();
  }

  private async next(): Promise<Uint8Array | null> {
    const { value, done } = (await this.open?.next()) ?? { value: null, done: true };
    if (done) {
      this.open = null;
      return null;
    }
    this.number += 1;
    this.last = [...this.last.slice(-1), { number: this.number, envelope: value }];
    return value;
  }
}
