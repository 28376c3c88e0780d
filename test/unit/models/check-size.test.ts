import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { countParameters, MOST_PARAMETERS } from '../../../client/trainer/models/check-size.ts';
import { ModelRefusal } from '../../../client/trainer/models/model-graph.ts';
import { conv3, dense3, keras3 } from './keras-models.ts';
import { logits, readChain, useCpuBackend } from './read-brought.ts';

useCpuBackend();

const flatten = keras3('Flatten', 'flatten', {});

describe('the parameters of a network', () => {
  it('are counted before it is built as tf.layers counts them afterwards', async () => {
    const depthwise = keras3('DepthwiseConv2D', 'deep', { kernel_size: [3, 3], depth_multiplier: 2 });
    const separable = keras3('SeparableConv2D', 'separable', { filters: 5, kernel_size: [3, 3] });
    const { model, graph } = await readChain(
      conv3('first', 4),
      depthwise,
      separable,
      keras3('PReLU', 'prelu', {}),
      flatten,
      dense3('hidden', 7),
      logits,
    );
    expect(countParameters(graph)).toBe(model.countParams());
    model.dispose();
  });

  it('are refused if they are more than can be trained, with both numbers and the layer, and nothing is built', async () => {
    const { numTensors } = tf.memory();
    const huge = dense3('huge', 15_000);
    const refused = readChain(flatten, huge, dense3('next', 15_000), logits);
    await expect(refused).rejects.toThrow(ModelRefusal);
    await expect(refused).rejects.toThrow(
      'brought has 226 million parameters, of which layer next has 225 million: at most 128 million can be trained here',
    );
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it('may be many times those of the largest network of the zoo', () => {
    expect(MOST_PARAMETERS).toBeGreaterThan(14_730_000);
  });
});
