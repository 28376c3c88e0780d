import type { UpdateSketch } from '../aggregation/update-sketch.ts';
import {
  checkTable,
  type EnvelopeHead,
  envelopeHashBytes,
  headLength,
  headPrefixBytes,
  parseHead,
} from '../codec/envelope.ts';
import type { LeaseClaims } from '../protocol/lease.ts';
import { accepted, type Refusal, type Result, refused } from '../protocol/refusals.ts';
import type { RunConfig } from '../protocol/run-config.ts';
import {
  type CheckedFacts,
  type CheckedUpdate,
  checkMetrics,
  ofAnotherLease,
  overAllowance,
  tensorsOf,
} from './check-update.ts';
import { type HashStream, hexOf, TailHash } from './passing-hash.ts';
import { PassingValues } from './passing-values.ts';

/** A checked update, with its values if they were wanted. */
export type PassedUpdate = CheckedFacts & Partial<Pick<CheckedUpdate, 'values'>>;

/**
 * What `checkUpdate` checks, of an envelope that passes by in chunks. Memory holds the head, at most 256 KiB, and a
 * chunk; if the codec decodes whole tensors only, one tensor too. The result is the same, and so is the reason of a
 * refusal. So an envelope with a fault is still read to its end: its hash tells damage on the way from fraud.
 */
export class StreamedCheck {
  private head: EnvelopeHead | null = null;
  private readonly config: RunConfig;
  private readonly claims: LeaseClaims;
  /** Of the whole envelope: what the ledger calls it by. */
  private readonly name: HashStream;
  private readonly body: TailHash;
  private bytes = 0;
  private first = new Uint8Array(headPrefixBytes);
  private filled = 0;
  private isOpened = false;
  private values: PassingValues | null = null;
  private fault: Refusal | null = null;

  private readonly keepsValues: boolean;
  private readonly sketch: UpdateSketch | null;

  /**
   * @param keepsValues whether the update's values are wanted too. They take four bytes each
   * @param sketch is given what is learnt as it passes
   */
  constructor(
    config: RunConfig,
    claims: LeaseClaims,
    createHash: () => HashStream,
    keepsValues: boolean,
    sketch: UpdateSketch | null = null,
  ) {
    this.keepsValues = keepsValues;
    this.sketch = sketch;
    this.config = config;
    this.claims = claims;
    this.name = createHash();
    this.body = new TailHash(createHash(), envelopeHashBytes);
  }

  /** Takes the next bytes, which must stay as they are meanwhile. After a refusal no more of them need be read. */
  async add(chunk: Uint8Array): Promise<Refusal | null> {
    this.bytes += chunk.length;
    if (this.bytes > this.claims.byteAllowance) return overAllowance(this.bytes, this.claims);
    await Promise.all([this.name.add(chunk), this.body.add(chunk)]);
    let rest = chunk;
    while (!this.isOpened && rest.length > 0) {
      const taken = this.fill(rest);
      if (!taken.ok) return taken;
      rest = rest.subarray(taken.value);
    }
    this.values?.add(rest);
    return null;
  }

  /** After the last bytes. */
  async end(): Promise<Result<PassedUpdate>> {
    const bodyBytes = this.bytes - envelopeHashBytes;
    if (bodyBytes < headPrefixBytes) return refused('malformed', 'shorter than an envelope');
    if (!this.isOpened || this.first.length > bodyBytes)
      return refused('malformed', 'the header is longer than allowed or than the envelope');
    if (!(await this.body.isTail())) return refused('wrong-hash');
    return this.judge();
  }

  /** [ACC4] to [ACC8], in the order in which the rules are checked. */
  private async judge(): Promise<Result<PassedUpdate>> {
    const { head, values } = this;
    if (!head || !values) return this.fault ?? refused('malformed');
    if (head.bytes !== this.bytes)
      return refused('malformed', 'the table is not exactly the payload, one entry after another');
    const fault = this.fault ?? values.judge();
    if (fault) return fault;
    const metrics = checkMetrics(this.config, this.claims, head.metrics);
    if (!metrics.ok) return metrics;
    return accepted({
      norm: values.norm,
      sha256: hexOf(await this.name.digest()),
      metrics: metrics.value,
      ...(values.values && { values: values.values }),
    });
  }

  /** Fills the prefix, then the head whose length the prefix says. Returns how many bytes it took. */
  private fill(bytes: Uint8Array): Result<number> {
    const taken = Math.min(bytes.length, this.first.length - this.filled);
    this.first.set(bytes.subarray(0, taken), this.filled);
    this.filled += taken;
    if (this.filled < this.first.length) return accepted(taken);
    if (this.first.length > headPrefixBytes) this.open();
    else {
      const length = headLength(this.first);
      if (!length.ok) return length;
      const prefix = this.first;
      this.first = new Uint8Array(length.value);
      this.first.set(prefix);
      if (length.value === headPrefixBytes) this.open();
    }
    return accepted(taken);
  }

  private open(): void {
    this.isOpened = true;
    const head = parseHead(this.first);
    const tensors = tensorsOf(this.config, this.claims);
    const { codec } = this.config.spec;
    if (!head.ok) this.fault = head;
    else {
      this.head = head.value;
      const known = checkTable(head.value, { codec, tensors });
      if (head.value.lease !== this.claims.lease) this.fault = ofAnotherLease;
      else if (!known.ok) this.fault = known;
      this.values = new PassingValues(
        codec,
        tensors,
        this.fault ? [] : head.value.table,
        this.keepsValues && !this.fault,
        this.sketch,
      );
    }
  }
}
