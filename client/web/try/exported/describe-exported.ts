import * as z from 'zod';
import { parseJsonBytes } from '../../../../shared/math/utf8.ts';
import { imageShapeSchema } from '../../../../shared/protocol/dataset.ts';
import type { ImageShape } from '../../../../shared/protocol/part-size.ts';
import { type ModelMetadata, modelMetadataSchema } from '../../../host/model-metadata.ts';
import { forUnitPictures, inputShapeOf } from '../../../host/unit-pictures.ts';
import type { ModelFiles } from '../../../trainer/trainer-api.ts';
import { tryWords } from '../../words/try-words.ts';

/** A network out of its run, with what is known of it. */
export interface ExportedFiles {
  readonly files: ModelFiles;
  readonly metadata: ModelMetadata;
  readonly shape: ImageShape;
  readonly classes: number;
}

/** What was given is no network that can be tried. Its message is for people. */
class UnreadableExportError extends Error {
  override readonly name = 'UnreadableExportError';
}

const topologySchema = z.looseObject({
  format: z.string().optional().catch(undefined),
  modelTopology: z.unknown(),
  weightsManifest: z
    .array(z.looseObject({ weights: z.array(z.looseObject({ shape: z.array(z.number()) })) }))
    .optional()
    .catch(undefined),
});

/**
 * What metadata.json says, and otherwise what can be seen in model.json. A network of Teachable Machine is made for pictures
 * from 0 to 1.
 * @throws UnreadableExportError if neither says the size of pictures, or model.json is none
 */
export function describeExported(given: ModelFiles, metadataJson: Uint8Array | undefined): ExportedFiles {
  // Another program's file of this name may be no object at all.
  const told = modelMetadataSchema.safeParse(metadataJson && parseJsonBytes(metadataJson));
  const metadata = told.data ?? modelMetadataSchema.parse({});
  const files = { ...given, modelJson: forUnitPictures(given.modelJson, metadataJson) };
  const json = parseJsonBytes(files.modelJson);
  const words = tryWords().wholePage;
  if (json === undefined) throw new UnreadableExportError(words.noJson);
  const model = topologySchema.safeParse(json).data;
  if (model?.format === 'graph-model') throw new UnreadableExportError(words.graphModel);
  const shape = metadata.imageShape ?? imageShapeSchema.safeParse(inputShapeOf(model?.modelTopology)).data;
  if (!shape) throw new UnreadableExportError(words.noShape);
  // The last layer's weights come last, and its last axis is that of the classes.
  const last = model?.weightsManifest?.at(-1)?.weights.at(-1)?.shape.at(-1);
  return { files, metadata, shape, classes: metadata.labels?.length ?? last ?? 2 };
}
