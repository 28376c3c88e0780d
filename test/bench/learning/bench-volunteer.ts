import type { KeptTensors, SegmentFiles } from '../../../client/trainer/trainer-api.ts';
import type { Grant } from '../../../shared/federation/lease/grant-lease.ts';
import { segmentsOf } from '../../../shared/protocol/lease.ts';
import { type ModelOutline, segmentById } from '../../../shared/protocol/model-outline.ts';
import type { MemoryBlobs } from '../../support/memory-blobs.ts';

/** What a volunteer holds and has exchanged: a blob that it holds is not downloaded again. */
export class BenchVolunteer {
  downloadedBytes = 0;
  uploadedBytes = 0;
  /** What it keeps if its tasks correct drift. */
  drift: KeptTensors = {};
  readonly id: string;
  private held = new Set<string>();

  constructor(id: string) {
    this.id = id;
  }

  /** Fetches the segments of a lease. @returns them, and the bytes that were downloaded */
  fetch({ task, manifest }: Grant, model: ModelOutline, blobs: MemoryBlobs) {
    const before = this.downloadedBytes;
    const held = new Set<string>();
    const get = (sha256: string): Uint8Array => {
      const bytes = blobs.read(sha256);
      if (!this.held.has(sha256)) this.downloadedBytes += bytes.length;
      held.add(sha256);
      return bytes;
    };
    const segments: Record<string, SegmentFiles> = {};
    for (const id of segmentsOf(task)) {
      const { topology: topologyHash, tensors, macs, activations, channels } = segmentById(model, id);
      const shards = (manifest.segments[id]?.shards ?? []).map(({ sha256 }) => get(sha256));
      const outlined = { tensors, macs, activations, channels };
      segments[id] = { topologyHash, topology: get(topologyHash), ...outlined, shards };
    }
    for (const sha256 of held) this.held.add(sha256);
    return { segments, downloadBytes: this.downloadedBytes - before };
  }
}
