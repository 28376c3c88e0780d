import * as tf from '@tensorflow/tfjs-core';
import { SegmentModels } from '../../../client/trainer/models/segment-models.ts';
import type { SegmentFiles } from '../../../client/trainer/trainer-api.ts';
import { bodySegments, type ModelOutline } from '../../../shared/protocol/model-outline.ts';

/** What a network's segments put out for pictures, one behind another. The pictures are disposed of. */
export async function bodyOutputs(
  outline: ModelOutline,
  files: Readonly<Record<string, SegmentFiles>>,
  pictures: tf.Tensor,
): Promise<tf.Tensor> {
  const models = new SegmentModels();
  let x = pictures;
  for (const { id } of bodySegments(outline)) {
    const segment = files[id];
    if (!segment) throw new Error(`no ${id}`);
    const { model } = await models.load(segment);
    const output = tf.tidy(() => model.predict(x) as tf.Tensor);
    x.dispose();
    x = output;
  }
  models.dispose();
  return x;
}
