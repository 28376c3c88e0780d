import { readShards } from '../../shared/codec/shard-layout.ts';
import { bodySegments, type ModelOutline } from '../../shared/protocol/model-outline.ts';
import type { HomeroomClient } from '../volunteer/homeroom-client.ts';
import { type ExportedModel, exportModel } from './export-model.ts';

/** Fetches a version's shards (the newest, unless told) and writes the whole network, heads left out. */
export async function exportRun(
  client: HomeroomClient,
  run: string,
  model: ModelOutline,
  version: number,
): Promise<ExportedModel> {
  const manifest = await client.version(run, version);
  const tensors = await Promise.all(
    bodySegments(model).map(async segment => {
      const shards = manifest.segments[segment.id]?.shards ?? [];
      const read = readShards(
        segment.tensors,
        await Promise.all(shards.map(shard => client.getBlob(shard.sha256))),
      );
      if (!read.ok)
        throw new Error(`version ${version} of ${segment.id} does not decode: ${read.detail ?? read.reason}`);
      return read.value;
    }),
  );
  return exportModel(await client.getBlob(model.topology), tensors.flat());
}
