import * as z from 'zod';
import { columnSchema, imageShapeSchema, MAX_NAME_LENGTH } from '../../shared/protocol/dataset.ts';
import { listOf } from '../../shared/protocol/list-of.ts';
import { MAX_CLASSES } from '../../shared/protocol/part-size.ts';

/** Name of the file beside model.json that says what its numbers mean. Teachable Machine's has this name, and `labels` too. */
export const metadataFile = 'metadata.json';

const shareSchema = z.number().min(0).max(1);

const styleSchema = z.object({
  ground: z.enum(['dark', 'light']).nullable(),
  extent: shareSchema,
  centre: z.tuple([shareSchema, shareSchema]),
  stroke: shareSchema,
});

/** Every field may be missing, since other programs write files of this name. */
export const modelMetadataSchema = z.object({
  /** Of its run. */
  name: z.string().max(200).optional().catch(undefined),
  /** The name of each class. */
  labels: listOf(z.string().max(MAX_NAME_LENGTH * 4), { max: MAX_CLASSES })
    .optional()
    .catch(undefined),
  /** Height, width and channels of a picture. */
  imageShape: imageShapeSchema.optional().catch(undefined),
  /** What its last layer puts out for each class; logits if it is not said. */
  output: z.enum(['logits', 'probabilities']).default('logits').catch('logits'),
  /** What the numbers of a pixel are between. */
  pixels: z
    .tuple([z.literal(0), z.literal(1)])
    .optional()
    .catch(undefined),
  /** How a drawing must look; like one on paper if it is not said. */
  style: styleSchema.optional().catch(undefined),
  /** Of a table. */
  columns: listOf(columnSchema, { min: 1, max: 1_024 }).optional().catch(undefined),
  version: z.number().int().min(0).optional().catch(undefined),
  generatedBy: z.string().max(100).optional().catch(undefined),
});
export type ModelMetadata = z.infer<typeof modelMetadataSchema>;
