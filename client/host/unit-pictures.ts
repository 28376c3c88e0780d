/** Networks of Teachable Machine, whose pictures have numbers from −1 to 1, made for those of this project: from 0 to 1. */
import * as z from 'zod';
import { encodeUtf8, parseJsonBytes } from '../../shared/math/utf8.ts';
import type { ImageShape } from '../../shared/protocol/part-size.ts';

const machineSchema = z.object({ packageName: z.literal('@teachablemachine/image') });

const modelSchema = z.object({ class_name: z.string(), config: z.unknown() });

const fileSchema = z.looseObject({ modelTopology: modelSchema });

/** The shape of a network's input, in whatever depth it stands: of tf.layers, Keras 2 or Keras 3. Pictures without channels are grey. */
export function inputShapeOf(topology: unknown): ImageShape | null {
  const [, height, width, channels = '1'] =
    /"batch_(?:input_)?shape":\[(?:null|\d+),(\d+),(\d+)(?:,(\d+))?\]/.exec(JSON.stringify(topology) ?? '') ??
    [];
  return height === undefined
    ? null
    : { height: Number(height), width: Number(width), channels: Number(channels) };
}

/**
 * A model.json of Teachable Machine with a rescaling before its layers, so that it takes pictures from 0 to 1. That of
 * another program stays as it is.
 * @param metadataJson the file beside it that says whose it is, if there is one
 */
export function forUnitPictures(modelJson: Uint8Array, metadataJson: Uint8Array | undefined): Uint8Array {
  const isMachine = machineSchema.safeParse(metadataJson && parseJsonBytes(metadataJson)).success;
  const file = isMachine ? fileSchema.safeParse(parseJsonBytes(modelJson)).data : undefined;
  const shape = inputShapeOf(file?.modelTopology);
  if (!file || !shape) return modelJson;
  const { class_name, config } = file.modelTopology;
  const { height, width, channels } = shape;
  const rescaling = {
    name: 'unit_pictures',
    ...{ scale: 2, offset: -1 },
    batch_input_shape: [null, height, width, channels],
  };
  const layers = [
    { class_name: 'Rescaling', config: rescaling },
    { class_name, config },
  ];
  const modelTopology = { class_name: 'Sequential', config: { name: 'for_unit_pictures', layers } };
  return encodeUtf8(JSON.stringify({ ...file, modelTopology }));
}
