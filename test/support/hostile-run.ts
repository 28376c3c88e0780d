import type { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import type { BuiltModel } from '../../client/trainer/trainer-api.ts';
import { layoutShards, readShards, writeShards } from '../../shared/codec/shard-layout.ts';
import { sha256Hex } from '../../shared/math/sha256.ts';
import type { ModelOutline, Segment, ShardRef } from '../../shared/protocol/model-outline.ts';
import { type RunSpecInput, runSpecSchema } from '../../shared/protocol/run-spec.ts';
import { fewGlyphs } from './local-trainer.ts';

/** What a hostile host changes about an honest run. */
export interface Hostility {
  readonly weight?: (value: number) => number;
  readonly outline?: (outline: ModelOutline) => ModelOutline;
  readonly topology?: (json: string, segment: Segment) => string;
  readonly spec?: Partial<RunSpecInput>;
}

/** Uploads a network as its host may write it by hand, makes a run of it, and opens it. @returns the run's id */
export async function createHostileRun(
  client: HomeroomClient,
  built: BuiltModel,
  { weight, outline = same => same, topology, spec = {} }: Hostility,
): Promise<string> {
  const put = async (bytes: Uint8Array): Promise<ShardRef> => {
    const sha256 = sha256Hex(bytes);
    await client.putBlob(sha256, Uint8Array.from(bytes));
    return { sha256, bytes: bytes.length };
  };
  const bytesOf = blobsOf(built);
  for (const { bytes } of built.blobs) await put(bytes);
  const segments: Record<string, ShardRef[]> = {};
  const listed: Segment[] = [];
  for (const segment of built.outline.segments) {
    const files = (built.shards[segment.id] ?? []).map(({ sha256 }) => bytesOf(sha256));
    segments[segment.id] = await Promise.all((weight ? reweighed(segment, files, weight) : files).map(put));
    const json = new TextDecoder().decode(bytesOf(segment.topology));
    const written = await put(new TextEncoder().encode(topology?.(json, segment) ?? json));
    listed.push({ ...segment, topology: written.sha256 });
  }
  const { run, hostKey } = await client.createRun({
    spec: hostileSpec(spec),
    model: outline({ ...built.outline, segments: listed }),
    segments,
  });
  await client.control(run, 'open', hostKey);
  return run;
}

function blobsOf({ blobs }: BuiltModel): (sha256: string) => Uint8Array {
  const known = new Map(blobs.map(({ sha256, bytes }) => [sha256, bytes]));
  return sha256 => known.get(sha256) ?? new Uint8Array(0);
}

function reweighed(
  { tensors }: Segment,
  files: readonly Uint8Array[],
  weight: (value: number) => number,
): Uint8Array[] {
  const read = readShards(tensors, files);
  if (!read.ok) throw new Error(read.detail);
  const changed = read.value.map(tensor => ({ ...tensor, values: tensor.values.map(weight) }));
  return writeShards(changed, layoutShards(changed));
}

const hostileSpec = (spec: Partial<RunSpecInput>) =>
  runSpecSchema.parse({
    ...{ name: 'a run of a stranger', seed: 1, dataset: { ...fewGlyphs, trainParts: 64 }, rounds: 2 },
    ...{ plan: { name: 'conventional' }, targetAccuracy: 1 },
    ...spec,
  });
