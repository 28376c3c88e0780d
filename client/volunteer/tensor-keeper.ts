import { sha256Hex } from '../../shared/math/sha256.ts';
import { encodeUtf8 } from '../../shared/math/utf8.ts';
import type { RunInfo } from '../../shared/protocol/messages.ts';
import { type OutlineTensor, segmentById, trainedTensors } from '../../shared/protocol/model-outline.ts';
import type { KeptTensors } from '../trainer/trainer-api.ts';
import type { DecidedStore, Leavings } from './decided-store.ts';
import { readKept, type SegmentTensors, writeKept } from './kept-file.ts';

/** Four bytes a parameter and kind: of a network of 34 million parameters, or of many smaller ones. */
export const maxKeptBytes = 200_000_000;

type KeptOf = Pick<RunInfo, 'run' | 'spec' | 'model'>;

/** A kind of tensors that a volunteer keeps. */
interface Kind {
  /** Names it in the store, and all that gives it its meaning. */
  key(spec: RunInfo['spec']): unknown;
  has(tensor: OutlineTensor): boolean;
}

const kinds = {
  /** What a lossy codec left unsent. By another codec, or with other settings, it would mean something else. */
  residual: { key: spec => spec.codec, has: () => true },
  /** What the updates have moved in all. Statistics are not moved. */
  drift: { key: () => 'drift', has: ({ statistic }) => statistic === undefined },
} as const satisfies Readonly<Record<string, Kind>>;

/**
 * Tensors of one kind that this volunteer keeps from update to update of one run, by segment. They change only when the
 * platform has taken the update that they are left of.
 */
export class TensorKeeper {
  private readonly store: DecidedStore;
  private readonly info: KeptOf;
  private readonly volunteer: string;
  private readonly kind: Kind;

  constructor(kind: keyof typeof kinds, store: DecidedStore, info: KeptOf, volunteer: string) {
    this.kind = kinds[kind];
    this.store = store;
    this.info = info;
    this.volunteer = volunteer;
  }

  /** What goes with an update that trains these segments. Waits for one of theirs that is on its way. */
  async of(segments: readonly string[]): Promise<KeptTensors> {
    const read = segments.map(async segment => [segment, await this.read(segment)] as const);
    const found = (await Promise.all(read)).flatMap(([segment, tensors]) =>
      tensors ? [[segment, tensors]] : [],
    );
    return Object.fromEntries(found);
  }

  /** What an update leaves of this kind, as the store keeps it. */
  leavings(tensors: KeptTensors = {}): Leavings {
    const written = Object.entries(tensors).map(([segment, kept]) => [this.nameOf(segment), writeKept(kept)]);
    return Object.fromEntries(written);
  }

  private async read(segment: string): Promise<SegmentTensors | null> {
    const kept = await this.store.get(this.nameOf(segment));
    const tensors = trainedTensors(segmentById(this.info.model, segment));
    return kept ? readKept(kept, tensors.filter(this.kind.has)) : null;
  }

  private nameOf(segment: string): string {
    const { run, spec } = this.info;
    return sha256Hex(encodeUtf8(JSON.stringify([run, this.volunteer, segment, this.kind.key(spec)])));
  }
}
