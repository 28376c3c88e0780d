import type { HomeroomClient } from '../../../client/platform/homeroom-client.ts';
import { layoutShards, writeShards } from '../../../shared/codec/shard-layout.ts';
import { sha256Hex } from '../../../shared/math/sha256.ts';
import { encodeUtf8 } from '../../../shared/math/utf8.ts';
import type { ModelOutline, Segment, ShardRef } from '../../../shared/protocol/model-outline.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** A network of dense layers that nobody builds, with all that the platform wants to have of it. */
export interface DenseModel {
  readonly outline: ModelOutline;
  readonly shards: Readonly<Record<string, ShardRef[]>>;
  readonly blobs: readonly { readonly sha256: string; readonly bytes: Bytes }[];
}

const topology = encodeUtf8('{"dense":true}');

/** @param parameters of the whole network, shared evenly by its body segments */
export function denseModel(parameters: number, segments: number): DenseModel {
  const width = Math.max(1, Math.min(1_000, Math.round(parameters / segments)));
  const height = Math.max(1, Math.round(parameters / segments / width));
  const list = Array.from({ length: segments }, (_, i): Segment[] => [
    segmentOf(`segment-${i + 1}`, 'body', [height, width]),
    ...(i < segments - 1 ? [{ ...segmentOf(`head-${i + 1}`, 'head', [3, 2]), of: `segment-${i + 1}` }] : []),
  ]).flat();
  const files = list.map(({ id, tensors }) => [id, filesOf(tensors)] as const);
  const all = [topology, ...files.flatMap(([, bytes]) => bytes)];
  return {
    outline: {
      ...{ name: 'dense', inputShape: [28, 28, 1], classes: 10, topology: sha256Hex(topology) },
      segments: list,
    },
    shards: Object.fromEntries(files.map(([id, bytes]) => [id, bytes.map(referTo)])),
    blobs: all.map(bytes => ({ sha256: sha256Hex(bytes), bytes })),
  };
}

const segmentOf = (id: string, kind: 'body' | 'head', shape: number[]): Segment => ({
  ...{ id, kind, layers: ['Dense'], tensors: [{ name: `${id}/kernel`, shape }] },
  ...{ topology: sha256Hex(topology), macs: 100, activations: 10 },
});

function filesOf(tensors: Segment['tensors']): Bytes[] {
  const zeros = tensors.map(tensor => ({
    ...tensor,
    values: new Float32Array(tensor.shape.reduce((product, side) => product * side, 1)),
  }));
  return writeShards(zeros, layoutShards(zeros));
}

const referTo = (bytes: Uint8Array): ShardRef => ({ sha256: sha256Hex(bytes), bytes: bytes.length });

export async function putModel(client: HomeroomClient, { blobs }: DenseModel): Promise<void> {
  for (const { sha256, bytes } of blobs) await client.putBlob(sha256, bytes);
}
