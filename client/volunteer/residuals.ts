import { sha256Hex } from '../../shared/math/sha256.ts';
import { encodeUtf8 } from '../../shared/math/utf8.ts';
import type { RunInfo } from '../../shared/protocol/messages.ts';
import { segmentById, trainedTensors } from '../../shared/protocol/model-outline.ts';
import type { Residual } from '../trainer/trainer-api.ts';
import type { ByteStore } from './byte-store.ts';
import { readResidual, type SegmentResidual, writeResidual } from './residual-file.ts';

/** Four bytes a parameter: the residuals of a network of 34 million parameters, or of many smaller ones. */
export const maxResidualBytes = 200_000_000;

/**
 * What a lossy codec left unsent of this volunteer's updates to one run. A residual belongs to a segment, and to the codec
 * with its settings: by another codec it would mean something else. It changes only when the platform has taken the
 * update that it is left of.
 */
export class Residuals {
  private readonly store: ByteStore;
  private readonly info: Pick<RunInfo, 'run' | 'spec' | 'model'>;
  private readonly volunteer: string;
  /** By segment, the end of an update that is on its way: what it leaves is not known before. */
  private readonly undecided = new Map<string, Promise<void>>();

  constructor(store: ByteStore, info: Pick<RunInfo, 'run' | 'spec' | 'model'>, volunteer: string) {
    this.store = store;
    this.info = info;
    this.volunteer = volunteer;
  }

  /** What is to be added to an update that trains these segments. Waits for one of theirs that is on its way. */
  async of(segments: readonly string[]): Promise<Residual> {
    await Promise.all(segments.map(segment => this.undecided.get(segment)));
    const read = segments.map(async segment => [segment, await this.read(segment)] as const);
    const found = (await Promise.all(read)).flatMap(([segment, residual]) =>
      residual ? [[segment, residual]] : [],
    );
    return Object.fromEntries(found);
  }

  /**
   * Keeps what an update leaves, if the platform takes it; else everything stays as it was.
   * @param taken resolves when the platform has decided, and never rejects
   */
  async keepIf(taken: Promise<boolean>, residual: Residual = {}): Promise<void> {
    const segments = Object.entries(residual);
    const kept = taken.then(async isTaken => {
      if (isTaken) await Promise.all(segments.map(entry => this.write(...entry)));
      for (const [segment] of segments) this.undecided.delete(segment);
    });
    for (const [segment] of segments) this.undecided.set(segment, kept);
    await kept;
  }

  private async read(segment: string): Promise<SegmentResidual | null> {
    const kept = await this.store.get(this.nameOf(segment));
    return kept ? readResidual(kept, trainedTensors(segmentById(this.info.model, segment))) : null;
  }

  private write = (segment: string, residual: SegmentResidual): Promise<void> =>
    this.store.put(this.nameOf(segment), writeResidual(residual));

  private nameOf(segment: string): string {
    const { run, spec } = this.info;
    return sha256Hex(encodeUtf8(JSON.stringify([run, this.volunteer, segment, spec.codec])));
  }
}
