import type { Blobs } from '../cohort/ports.ts';
import { sha256Hex } from '../math/sha256.ts';
import type { Manifest, ModelOutline, ShardRef } from '../protocol/model-outline.ts';
import { type Difference, DifferenceFound } from './difference.ts';
import type { ReplayPorts } from './ports.ts';

/**
 * Published shards as the cohorts of a replay read them, each checked against its hash. What they make is hashed and let
 * go of. Only an average reads new shards, those of the segment that it follows, so they are kept if there is one.
 */
export class ReplayBlobs implements Blobs {
  private readonly blob: ReplayPorts['blob'];
  private readonly keepsFresh: boolean;
  private readonly fresh = new Map<string, Uint8Array>();
  private manifest: Manifest;

  constructor({ blob, config }: Pick<ReplayPorts, 'blob' | 'config'>, manifest: Manifest) {
    this.blob = blob;
    this.manifest = manifest;
    this.keepsFresh = hasAverages(config.model);
  }

  /** From here on shards are of this version, and new ones are made of it. */
  moveTo(manifest: Manifest): void {
    this.manifest = manifest;
    this.fresh.clear();
  }

  /** @throws DifferenceFound if it is not there, or has another hash */
  async get(sha256: string): Promise<Uint8Array> {
    const fresh = this.fresh.get(sha256);
    if (fresh) return fresh;
    const bytes = await this.blob(sha256);
    const found = bytes && sha256Hex(bytes);
    if (bytes && found === sha256) return bytes;
    throw new DifferenceFound(damaged(this.manifest, sha256, found));
  }

  async put(bytes: Uint8Array): Promise<ShardRef> {
    const sha256 = sha256Hex(bytes);
    if (this.keepsFresh) this.fresh.set(sha256, bytes);
    return { sha256, bytes: bytes.length };
  }

  /** @throws DifferenceFound at the first shard of this version that is not what it is named after */
  async checkAll(): Promise<void> {
    for (const { ref } of filesOf(this.manifest)) await this.get(ref.sha256);
  }
}

const hasAverages = ({ segments }: ModelOutline): boolean => segments.some(({ kind }) => kind === 'average');

/** A file of a version, and where it belongs. */
export interface PlacedFile {
  readonly segment: string;
  readonly shard: number;
  readonly slot?: string;
  readonly ref: ShardRef;
}

export const filesOf = ({ segments }: Manifest): PlacedFile[] =>
  Object.entries(segments).flatMap(([segment, { shards, slots = {} }]) => [
    ...shards.map((ref, shard) => ({ segment, shard, ref })),
    ...Object.entries(slots).flatMap(([slot, files]) =>
      files.flatMap((ref, shard) => (ref ? [{ segment, shard, slot, ref }] : [])),
    ),
  ]);

function damaged(manifest: Manifest, sha256: string, found: string | null): Difference {
  const { ref: _, ...place } = filesOf(manifest).find(({ ref }) => ref.sha256 === sha256) ?? { ref: null };
  return {
    ...{ version: manifest.version, of: 'blob', ...place },
    expected: sha256,
    found: found ?? 'none',
    why:
      found === null
        ? 'a shard of this version is not kept any more'
        : 'the stored bytes of this shard were changed: they do not have the hash by which they are named',
  };
}
