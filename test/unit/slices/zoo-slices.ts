import type { BuiltModel, SegmentFiles } from '../../../client/trainer/trainer-api.ts';
import { layoutShards, readShards, writeShards } from '../../../shared/codec/shard-layout.ts';
import { scatterAt, slicePositions } from '../../../shared/math/slice-positions.ts';
import { disjointSlices } from '../../../shared/plan/slices/disjoint-slices.ts';
import { nestedSlices } from '../../../shared/plan/slices/nested-slices.ts';
import type { ChannelSlices } from '../../../shared/protocol/channels.ts';
import { bodyIds } from '../../../shared/protocol/model-outline.ts';
import { spansOf } from '../../../shared/protocol/narrow-outline.ts';
import { segmentFiles } from '../../support/local-trainer.ts';

/** Slices of a built network, as the two settings of the plan make them: the narrower half, and a share of two. */
export function slicesOf({ outline }: BuiltModel, slicing: 'nested' | 'disjoint'): ChannelSlices {
  const { spaces = [] } = outline;
  const [share] =
    slicing === 'nested' ? [nestedSlices(spaces, 0.5)] : disjointSlices(spaces, 2, { seed: 3, round: 1 });
  if (!share) throw new Error('two shares have no first one');
  return share;
}

/** The body's segments, as downloaded. */
export function bodyFiles(built: BuiltModel): Record<string, SegmentFiles> {
  const body = bodyIds(built.outline);
  return Object.fromEntries(Object.entries(segmentFiles(built)).filter(([id]) => body.includes(id)));
}

/** Where a segment's tensor has the weights that slices leave. */
export const positionsIn = (
  tensor: SegmentFiles['tensors'][number],
  slices: ChannelSlices,
): Uint32Array<ArrayBuffer> => slicePositions(tensor.shape, spansOf(tensor, slices));

/** The same segments, in which the other weights are zero. */
export const zeroedOutside = (
  files: Readonly<Record<string, SegmentFiles>>,
  slices: ChannelSlices,
): Record<string, SegmentFiles> =>
  Object.fromEntries(Object.entries(files).map(([id, segment]) => [id, zeroed(segment, slices)]));

function zeroed(segment: SegmentFiles, slices: ChannelSlices): SegmentFiles {
  const read = readShards(segment.tensors, segment.shards);
  if (!read.ok) throw new Error(read.reason);
  const tensors = read.value.map((tensor, i) => {
    const outlined = segment.tensors[i];
    if (!outlined) throw new Error(`the outline lacks ${tensor.name}`);
    const positions = positionsIn(outlined, slices);
    const kept = Float32Array.from(positions, position => tensor.values[position] ?? 0);
    return { ...tensor, values: scatterAt(new Float32Array(tensor.values.length), positions, kept) };
  });
  return { ...segment, shards: writeShards(tensors, layoutShards(tensors)) };
}
