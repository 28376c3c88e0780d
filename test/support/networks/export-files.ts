import { exportModel, weightsFile } from '../../../client/host/export-model.ts';
import type { BuiltModel, ModelFiles, SegmentFiles } from '../../../client/trainer/trainer-api.ts';
import { readShards } from '../../../shared/codec/shard-layout.ts';
import { bodySegments } from '../../../shared/protocol/model-outline.ts';

/** The whole network of a version, as the export command writes it. */
export function exportedFiles(
  { outline, blobs }: BuiltModel,
  segments: Readonly<Record<string, SegmentFiles>>,
): ModelFiles {
  const topology = blobs.find(({ sha256 }) => sha256 === outline.topology)?.bytes ?? new Uint8Array();
  const tensors = bodySegments(outline).flatMap(({ id, tensors: specs }) => {
    const read = readShards(specs, segments[id]?.shards ?? []);
    if (!read.ok) throw new Error(read.reason);
    return read.value;
  });
  const { modelJson, weights } = exportModel(topology, tensors);
  return { modelJson: new TextEncoder().encode(modelJson), weights: { [weightsFile]: weights } };
}
