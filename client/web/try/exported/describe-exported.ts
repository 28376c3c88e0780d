import * as z from 'zod';
import { parseJsonBytes } from '../../../../shared/math/utf8.ts';
import type { ImageShape } from '../../../../shared/protocol/part-size.ts';
import { type ModelMetadata, modelMetadataSchema } from '../../../host/model-metadata.ts';
import type { ModelFiles } from '../../../trainer/trainer-api.ts';
import { tryWords } from '../../words/try-words.ts';

/** A network out of its run, with what is known of it. */
export interface ExportedFiles {
  readonly files: ModelFiles;
  readonly metadata: ModelMetadata;
  readonly shape: ImageShape;
  readonly classes: number;
}

/** Nobody says how large the network's pictures are. */
class NoShapeError extends Error {
  override readonly name = 'NoShapeError';
}

const topologySchema = z.looseObject({
  modelTopology: z.unknown(),
  weightsManifest: z
    .array(z.looseObject({ weights: z.array(z.looseObject({ shape: z.array(z.number()) })) }))
    .optional()
    .catch(undefined),
});

/** What metadata.json says, and otherwise what can be seen in model.json. @throws NoShapeError if neither says the size of pictures */
export function describeExported(files: ModelFiles, metadataJson: Uint8Array | undefined): ExportedFiles {
  // Another program's file of this name may be no object at all.
  const told = modelMetadataSchema.safeParse(metadataJson && parseJsonBytes(metadataJson));
  const metadata = told.data ?? modelMetadataSchema.parse({});
  const model = topologySchema.safeParse(parseJsonBytes(files.modelJson)).data;
  const shape = metadata.imageShape ?? shapeIn(model?.modelTopology);
  if (!shape) throw new NoShapeError(tryWords().wholePage.noShape);
  // The last layer's weights come last, and its last axis is that of the classes.
  const last = model?.weightsManifest?.at(-1)?.weights.at(-1)?.shape.at(-1);
  return { files, metadata, shape, classes: metadata.labels?.length ?? last ?? 2 };
}

/** The first shape of an input, in whatever depth: of tf.layers, Keras 2 or Keras 3. */
function shapeIn(topology: unknown): ImageShape | null {
  const [, height, width, channels] =
    /"batch_(?:input_)?shape":\[(?:null|\d+),(\d+),(\d+),(\d+)\]/.exec(JSON.stringify(topology) ?? '') ?? [];
  return channels === undefined
    ? null
    : { height: Number(height), width: Number(width), channels: Number(channels) };
}
