import { describe, expect, it } from 'vitest';
import type { ModelFiles } from '../../../client/trainer/trainer-api.ts';
import {
  bareFile,
  called2,
  called3,
  conv3,
  dense3,
  flatten,
  functional,
  input3,
  keras3,
  modelFiles,
  pool3,
  sequential3,
} from './keras-models.ts';
import { type Layer, logits, namesOf, read, useCpuBackend } from './read-brought.ts';

useCpuBackend();

const frozen = (layer: Layer): Layer => ({
  ...layer,
  config: { ...(layer.config as object), trainable: false },
});

/** A model of layers one after another, to stand in another one. */
const chainIn = (name: string, ...layers: readonly Layer[]) => keras3('Sequential', name, { layers });

/** The configuration of a functional model of these layers, one after another. */
const graphOf = (name: string, ...layers: readonly Layer[]): Layer => {
  const names = ['base-input', ...layers.map(({ config }) => String((config as Layer).name))];
  const input = {
    ...keras3('InputLayer', 'base-input', { batch_shape: [null, 8, 8, 1] }),
    inbound_nodes: [],
  };
  return {
    name,
    layers: [input, ...layers.map((layer, i) => called2(layer, names[i] ?? ''))],
    input_layers: [['base-input', 0, 0]],
    output_layers: [[names.at(-1), 0, 0]],
  };
};

describe('models that stand in a model are one network', () => {
  it('of chains in a chain, as Teachable Machine exports them: the shape is that of the innermost', async () => {
    const features = chainIn(
      'features',
      chainIn('inner', input3([8, 8, 1]), conv3('conv', 2), pool3('pool')),
    );
    const head = chainIn('head', flatten, dense3('hidden', 4), logits);
    const { graph, model, cuts } = await read(bareFile(sequential3(features, head)));
    expect(graph.layers.map(({ name }) => name)).toEqual([
      'pictures',
      'conv',
      'pool',
      'flatten',
      'hidden',
      'classes',
    ]);
    expect(cuts).toHaveLength(1);
    model.dispose();
  });

  it('two layers of one name keep the names of their models, and each finds its weights', async () => {
    const block = (name: string) => chainIn(name, conv3('conv', 1));
    const topology = sequential3(input3([8, 8, 1]), block('a'), block('b'), flatten, logits);
    const weights: [string, number[]][] = [
      ['a/conv/kernel', [3, 3, 1, 1]],
      ['a/conv/bias', [1]],
      ['b/conv/kernel', [3, 3, 1, 1]],
      ['b/conv/bias', [1]],
      ['classes/kernel', [64, 3]],
      ['classes/bias', [3]],
    ];
    const { model } = await read(modelFiles(topology, weights));
    const bias = (name: string) => model.getLayer(name).getWeights()[1]?.dataSync()[0];
    expect([bias('a/conv'), bias('b/conv')]).toEqual([9, 19].map(i => Math.fround(((i % 13) - 6) / 20)));
    model.dispose();
  });

  /** Input, a model that is called for inference, flatten, classes. */
  function calledForInference(version: 2 | 3): ModelFiles {
    const [call, options] =
      version === 2 ? [called2, { training: false }] : [called3, { training: false, mask: null }];
    const norm = keras3('BatchNormalization', 'norm', {
      ...{ axis: [3], momentum: 0.99, epsilon: 0.001, center: true, scale: true },
    });
    const config = graphOf('base', conv3('base-conv', 2), norm, keras3('Dropout', 'drop', { rate: 0.5 }));
    const [called] = called3(logits, 'pictures').inbound_nodes as object[];
    // In Keras 2 a model in a model was called once when it was made, and its use is call 1.
    const inbound_nodes = version === 2 ? [[['pictures', 0, 0, options]]] : [{ ...called, kwargs: options }];
    const base = { class_name: 'Functional', name: 'base', config, inbound_nodes };
    const next =
      version === 2
        ? { ...call(flatten, 'base'), inbound_nodes: [[['base', 1, 0, {}]]] }
        : call(flatten, 'base');
    const input = { ...input3([8, 8, 1]), inbound_nodes: [] };
    const topology = functional([input, base, next, call(logits, 'flatten')], 'classes');
    return bareFile({ ...topology, keras_version: `${version}.15.0` });
  }

  it('called with training=False in Keras 2, norms stay and dropouts do nothing', async () => {
    const found = await read(calledForInference(2));
    const { notes, model } = found;
    expect(namesOf(found)).toEqual(['pictures', 'base-conv', 'norm', 'flatten', 'classes']);
    expect(notes).toEqual([
      'layer norm was called with training=False: its statistics stay as they are, and so does what it learnt',
      'layer drop was called with training=False: it does nothing',
    ]);
    expect(model.getLayer('norm').trainable).toBe(false);
    model.dispose();
  });

  it('called with training=False in Keras 3 they are trained, as Keras 3 does, which writes it unasked', async () => {
    const found = await read(calledForInference(3));
    const { notes, model } = found;
    expect(namesOf(found)).toEqual(['pictures', 'base-conv', 'norm', 'drop', 'flatten', 'classes']);
    expect(notes).toEqual([]);
    expect(model.getLayer('norm').trainable).toBe(true);
    model.dispose();
  });

  it('three deep, with names that are double at each depth and weights under a part of their path', async () => {
    const inner = (conv: string) => chainIn('inner', conv3(conv, 1));
    const topology = sequential3(
      ...[input3([8, 8, 1]), chainIn('a', inner('conv')), chainIn('b', inner('conv')), flatten, logits],
    );
    const weights: [string, number[]][] = [
      ['a/inner/conv/kernel', [3, 3, 1, 1]],
      ['a/inner/conv/bias', [1]],
      ['b/inner/conv/kernel', [3, 3, 1, 1]],
      ['b/inner/conv/bias', [1]],
      ['classes/kernel', [64, 3]],
      ['classes/bias', [3]],
    ];
    const { model } = await read(modelFiles(topology, weights));
    expect(model.getLayer('b/inner/conv').getWeights()[1]?.dataSync()[0]).toBe(
      Math.fround(((19 % 13) - 6) / 20),
    );
    model.dispose();
    const shared = weights.map(([name, shape]): [string, number[]] => [name.replace(/^[ab]\//, ''), shape]);
    await expect(read(modelFiles(topology, shared.slice(2)))).rejects.toThrow(
      'model.json has one weight inner/conv/kernel for two layers',
    );
  });

  it('a layer whose name is the path of another one keeps it', async () => {
    const { model } = await read(
      bareFile(sequential3(input3([8, 8, 1]), chainIn('m', conv3('c', 2)), conv3('m/c', 2), flatten, logits)),
    );
    expect(model.layers.map(({ name }) => name)).toEqual(['pictures', 'c', 'm/c', 'flatten', 'classes']);
    model.dispose();
  });
});

describe('models in models that are there to confuse', () => {
  /** A model that only passes on what goes in. */
  const passing = (name: string, ...from: readonly string[]): Layer => ({
    ...{ class_name: 'Functional', name },
    config: { ...graphOf(name), output_layers: [['base-input', 0, 0]] },
    inbound_nodes: [from.map(input => [input, 0, 0, {}])],
  });
  const networkOf = (models: readonly Layer[], last: string) =>
    bareFile(
      functional(
        [
          { ...input3([8, 8, 1]), inbound_nodes: [] },
          ...models,
          called2(flatten, last),
          called2(logits, 'flatten'),
        ],
        'classes',
      ),
    );

  it('a model that is called with two inputs is refused, and not walked through twice', async () => {
    const models = Array.from({ length: 60 }, (_, i) => {
      const from = i === 0 ? 'pictures' : `pass${i - 1}`;
      return passing(`pass${i}`, from, from);
    });
    await expect(read(networkOf(models, 'pass59'))).rejects.toThrow('takes 2 inputs: it must take one');
  });

  it('two that pass on to each other are refused', async () => {
    await expect(read(networkOf([passing('a', 'b'), passing('b', 'a')], 'a'))).rejects.toThrow(
      'go in a circle',
    );
  });

  it.each(['', 'constructor', 'Größe', '_a b', 'toString'])(
    'a layer of the name "%s" is called otherwise',
    async name => {
      const weights: [string, number[]][] = [
        [`${name}/kernel`, [3, 3, 1, 2]],
        [`${name}/bias`, [2]],
        ['classes/kernel', [128, 3]],
        ['classes/bias', [3]],
      ];
      const topology = sequential3(input3([8, 8, 1]), conv3(name, 2), flatten, logits);
      const { model } = await read(modelFiles(topology, weights));
      expect(model.layers[1]?.getWeights()[1]?.dataSync()[1]).toBe(Math.fround(((19 % 13) - 6) / 20));
      model.dispose();
    },
  );
});

describe('a network of which much is frozen', () => {
  const layers = [frozen(conv3('a', 2)), frozen(conv3('b', 2)), flatten];

  it('is cut where both pieces have something to train', async () => {
    const { model, cuts } = await read(
      bareFile(sequential3(input3([8, 8, 1]), ...layers, dense3('hidden', 4), logits)),
    );
    expect(cuts).toEqual(['hidden']);
    model.dispose();
  });

  it('is refused for what is frozen, and not for a skip connection', async () => {
    await expect(read(bareFile(sequential3(input3([8, 8, 1]), ...layers, logits)))).rejects.toThrow(
      'brought cannot be cut in two: only layer classes has weights to train, and each segment needs some. 2 layers are frozen (trainable: false)',
    );
    await expect(read(bareFile(sequential3(input3([8, 8, 1]), ...layers, frozen(logits))))).rejects.toThrow(
      'brought has no weights to train. 3 layers are frozen (trainable: false)',
    );
  });
});

describe('the weights of a .keras file, which are named by class and order', () => {
  it('are found in models that stand in a model', async () => {
    const block = chainIn('block', conv3('first', 2), conv3('second', 1));
    const topology = sequential3(input3([8, 8, 1]), block, flatten, logits);
    const weights: [string, number[]][] = [
      ['layers/dense/vars/0', [64, 3]],
      ['layers/dense/vars/1', [3]],
      ['layers/sequential/layers/conv2d/vars/0', [3, 3, 1, 2]],
      ['layers/sequential/layers/conv2d/vars/1', [2]],
      ['layers/sequential/layers/conv2d_1/vars/0', [3, 3, 2, 1]],
      ['layers/sequential/layers/conv2d_1/vars/1', [1]],
      ['optimizer/vars/0', [1]],
    ];
    const { model } = await read(modelFiles(topology, weights));
    const before = 195 + 18 + 2 + 18;
    expect(model.getLayer('second').getWeights()[1]?.dataSync()[0]).toBe(
      Math.fround(((before % 13) - 6) / 20),
    );
    model.dispose();
  });
});
