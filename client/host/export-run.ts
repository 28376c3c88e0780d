import { readShards } from '../../shared/codec/shard-layout.ts';
import { judgedSegments } from '../../shared/plan/plan-tasks.ts';
import type { RunInfo } from '../../shared/protocol/messages.ts';
import { segmentById } from '../../shared/protocol/model-outline.ts';
import type { HomeroomClient } from '../platform/homeroom-client.ts';
import { type ExportedModel, exportModel } from './export-model.ts';
import { metadataOf } from './metadata-of.ts';
import type { ModelMetadata } from './model-metadata.ts';
import { wholenessOf } from './whole-network.ts';

/** Says why a version is no network that can be used. */
export class ExportRefusal extends Error {
  override readonly name = 'ExportRefusal';
}

export interface ExportedRun extends ExportedModel {
  /** What is wrong with this version as a whole network, in words for its owner; null if nothing is. */
  readonly warning: string | null;
  /** What its numbers mean. */
  readonly metadata: ModelMetadata;
}

/**
 * Fetches a version's shards and writes the whole network, with the heads that stay and no others.
 * @throws ExportRefusal if the run's plan never trains some segment
 */
export async function exportRun(
  client: Pick<HomeroomClient, 'version' | 'getBlob'>,
  { run, spec, model }: Pick<RunInfo, 'run' | 'spec' | 'model'>,
  version: number,
): Promise<ExportedRun> {
  const wholeness = wholenessOf({ spec, model }, version);
  if (wholeness.kind === 'never') throw new ExportRefusal(`nothing to export: ${wholeness.text}`);
  const manifest = await client.version(run, version);
  const tensors = await Promise.all(
    judgedSegments(spec, model, spec.rounds).map(async id => {
      const segment = segmentById(model, id);
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
  return {
    ...exportModel(await client.getBlob(model.topology), tensors.flat()),
    warning: wholeness.kind === 'growing' ? wholeness.text : null,
    metadata: await metadataOf(client, spec, version),
  };
}
