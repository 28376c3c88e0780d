import * as tf from '@tensorflow/tfjs-core';
import { elementsOf } from '../../../shared/protocol/elements-of.ts';

/** A batch of pictures, or of features, from black to white. */
export const ramp = (shape: readonly number[]): tf.Tensor =>
  tf.reshape(tf.linspace(0, 1, elementsOf(shape)), [...shape]);
