import { concatBytes } from '../../../shared/math/bytes.ts';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerCpuKernels } from '../../../client/trainer/kernels/cpu/register-cpu-kernels.ts';
import { readHostModel } from '../../../client/trainer/models/host-model.ts';
import type { ModelFiles } from '../../../client/trainer/trainer-api.ts';
import {
  bareFile,
  called2,
  chain,
  chainWeights,
  conv3,
  dense3,
  flatten,
  functional,
  input3,
  jsonFile,
  keras3,
  modelFiles,
  pool3,
  sequential3,
} from './keras-models.ts';

beforeAll(async () => {
  registerCpuKernels();
  await tf.setBackend('cpu');
});

const request = { name: 'brought', inputShape: [8, 8, 1], classes: 3, seed: 1 } as const;

function chainWith(config: Record<string, unknown>): ModelFiles {
  return bareFile(sequential3(input3([8, 8, 1]), conv3('a', 4, config), flatten, dense3('classes', 3)));
}

describe('a model is refused with the reason', () => {
  const classes = dense3('classes', 3);
  const usedUp = [
    ...[0, 1, 2, 3].map(i => pool3(`pool${i}`)),
    keras3('GlobalMaxPooling2D', 'max', { data_format: 'channels_last' }),
    classes,
  ];
  const refusals: [string, ModelFiles, string][] = [
    ['a file that is no JSON', { modelJson: new Uint8Array([1, 2]), weights: {} }, 'it is not JSON'],
    ['a graph model', jsonFile({ format: 'graph-model', modelTopology: {} }), 'this is a graph model'],
    ['another JSON', jsonFile({ modelTopology: { nodes: [] } }), 'it has no class_name'],
    [
      'layers nobody knows',
      bareFile(sequential3(input3([8, 8, 1]), keras3('Lambda', 'own', {}))),
      'class Lambda',
    ],
    [
      'a model within a model that lists no layers',
      bareFile(sequential3(input3([8, 8, 1]), keras3('Functional', 'backbone', {}))),
      'a functional model does not say its layers',
    ],
    [
      'pictures of another size',
      bareFile(sequential3(input3([28, 28, 1]), flatten, classes)),
      "takes inputs of 28 × 28 × 1, the data's pictures are 8 × 8 × 1",
    ],
    [
      'an input that is no picture',
      bareFile(sequential3(input3([63]), dense3('hidden', 4), classes)),
      'takes inputs of 63, the data',
    ],
    [
      'another number of classes',
      bareFile(sequential3(input3([8, 8, 1]), conv3('a', 2), flatten, dense3('classes', 4))),
      'puts out 4 numbers for a picture, but the data has 3 classes',
    ],
    [
      'several inputs',
      bareFile(
        functional([input3([8, 8, 1])], 'classes', [
          ['a', 0, 0],
          ['b', 0, 0],
        ]),
      ),
      'takes 2 inputs',
    ],
    [
      'a shared layer',
      bareFile(
        functional(
          [
            input3([8, 8, 1]),
            { ...conv3('a', 1), inbound_nodes: [[['pictures', 0, 0, {}]], [['a', 0, 0, {}]]] },
          ],
          'a',
        ),
      ),
      'layer a is used 2 times',
    ],
    [
      'pools that leave nothing',
      bareFile(sequential3(input3([8, 8, 1]), conv3('a', 3), ...usedUp)),
      'nothing of them reaches layer pool3',
    ],
    [
      'channels first',
      chainWith({ data_format: 'channels_first' }),
      'data_format = "channels_first": only channels_last is trained here',
    ],
    [
      'dilation',
      chainWith({ dilation_rate: [2, 2] }),
      'dilation_rate = [2,2]: tfjs has no gradient for a dilated convolution',
    ],
    ['half precision', chainWith({ dtype: 'float16' }), 'dtype = "float16": only float32 is trained here'],
    [
      'an unknown activation',
      chainWith({ activation: 'sparkle' }),
      'layer a has the activation sparkle, which cannot be trained here: there is',
    ],
    [
      'nothing to cut between',
      bareFile(sequential3(input3([8, 8, 1]), flatten, classes)),
      'only layer classes has weights to train',
    ],
    [
      'a missing file of weights',
      { ...modelFiles(chain, chainWeights), weights: {} },
      'group1-shard1of1.bin',
    ],
    ['a missing weight', modelFiles(chain, chainWeights.slice(0, 4)), 'has no weight classes/kernel'],
    [
      'a weight of another shape',
      modelFiles(
        chain,
        chainWeights.map(([name, shape]) => [name, shape[0] === 16 ? [8, 6] : shape]),
      ),
      'weight classes/kernel is [8,6], its layer wants [16,3]',
    ],
    ['whole numbers as weights', modelFiles(chain, chainWeights, 'int32'), 'is of type int32'],
    [
      'too short a file',
      { ...modelFiles(chain, chainWeights), weights: { 'group1-shard1of1.bin': new Uint8Array(8) } },
      'group1-shard1of1.bin does not hold the weights',
    ],
    [
      'the file of another network, which is longer',
      {
        ...modelFiles(chain, chainWeights),
        weights: {
          'group1-shard1of1.bin': concatBytes([
            ...Object.values(modelFiles(chain, chainWeights).weights),
            new Uint8Array(8),
          ]),
        },
      },
      'group1-shard1of1.bin has 8 bytes more than model.json describes',
    ],
  ];

  it.each(refusals)('%s', async (_, files, reason) => {
    await expect(readHostModel(request, files)).rejects.toThrow(reason);
  });

  it('a skip over everything', async () => {
    const layers = [
      called2(input3([8, 8, 1])),
      called2(conv3('a', 1), 'pictures'),
      called2(conv3('b', 1), 'a'),
      called2(keras3('Add', 'sum', {}), 'b', 'pictures'),
      called2(flatten, 'sum'),
    ];
    const small = { ...request, classes: 64 };
    const files = bareFile(functional(layers, 'flatten'));
    await expect(readHostModel(small, files)).rejects.toThrow(
      'a skip connection goes past every one of them',
    );
  });
});
