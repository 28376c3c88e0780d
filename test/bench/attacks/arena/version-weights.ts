import { readShards } from '../../../../shared/codec/shard-layout.ts';
import { type Manifest, type ModelOutline, segmentById } from '../../../../shared/protocol/model-outline.ts';
import type { MemoryBlobs } from '../../../support/memory-blobs.ts';
import type { DenseWeights } from '../network/train-task.ts';

/** Versions of a segment that are kept decoded: the newest, and those that late leases still begin with. */
const KEPT = 64;

/** The weights of versions. All volunteers of a round begin with the same, so each segment is decoded once. */
export class VersionWeights {
  private readonly outline: ModelOutline;
  private readonly blobs: MemoryBlobs;
  private readonly decoded = new Map<string, readonly Float32Array[]>();

  constructor(outline: ModelOutline, blobs: MemoryBlobs) {
    this.outline = outline;
    this.blobs = blobs;
  }

  of({ segments }: Manifest): DenseWeights {
    return new Map(
      Object.entries(segments).map(([id, { shards }]) => [
        id,
        this.segment(
          id,
          shards.map(({ sha256 }) => sha256),
        ),
      ]),
    );
  }

  private segment(id: string, hashes: readonly string[]): readonly Float32Array[] {
    const key = [id, ...hashes].join();
    const known = this.decoded.get(key);
    if (known) return known;
    const files = hashes.map(sha256 => this.blobs.read(sha256));
    const tensors = readShards(segmentById(this.outline, id).tensors, files);
    if (!tensors.ok) throw new Error(`segment ${id} cannot be read: ${tensors.detail ?? tensors.reason}`);
    const values = tensors.value.map(tensor => tensor.values);
    this.decoded.set(key, values);
    const [oldest] = this.decoded.keys();
    if (this.decoded.size > KEPT && oldest !== undefined) this.decoded.delete(oldest);
    return values;
  }
}
