import { conv, dense, pool } from './blocks.ts';
import { type Sketch, Sketcher } from './sketch.ts';

/** LeNet-5 (LeCun et al. 1998) as it is written in Keras today. */
export function lenet5(): Sketch {
  const net = new Sketcher('lenet_5', 'Sequential', [28, 28, 1]);
  conv(net, 'c1', 6, { size: 5, activation: 'tanh' });
  net.add('AveragePooling2D', 's2');
  conv(net, 'c3', 16, { size: 5, padding: 'valid', activation: 'tanh' });
  net.add('AveragePooling2D', 's4');
  net.add('Flatten', 'flatten');
  dense(net, 'c5', 120, 'tanh');
  dense(net, 'f6', 84, 'tanh');
  dense(net, 'output', 10, 'softmax');
  return net.done();
}

/** Keras's quick start. Its pictures have no axis of channels, and its outputs are logits. */
export function quickStartMlp(dropout: number): Sketch {
  const net = new Sketcher('sequential', 'Sequential', [28, 28]);
  net.add('Flatten', 'flatten');
  dense(net, 'dense', 128, 'relu');
  net.add('Dropout', 'dropout', { rate: dropout });
  dense(net, 'dense_1', 10);
  return net.done();
}

/** A picture is a row of 784 numbers. */
export function flatMlp(): Sketch {
  const net = new Sketcher('sequential_1', 'Sequential', [784], 'input_1');
  dense(net, 'dense', 64, 'relu');
  dense(net, 'dense_1', 32, 'relu');
  dense(net, 'dense_2', 10, 'softmax');
  return net.done();
}

/** The convolutional network of TensorFlow's tutorials, for CIFAR-10. */
export function quickStartCnn(): Sketch {
  const net = new Sketcher('sequential_2', 'Sequential', [32, 32, 3], 'input_2');
  const valid = { padding: 'valid', activation: 'relu' } as const;
  conv(net, 'conv2d', 8, valid);
  pool(net, 'max_pooling2d');
  conv(net, 'conv2d_1', 16, valid);
  pool(net, 'max_pooling2d_1');
  conv(net, 'conv2d_2', 16, valid);
  net.add('Flatten', 'flatten');
  dense(net, 'dense', 64, 'relu');
  dense(net, 'dense_1', 10);
  return net.done();
}

/** The same tutorials' network for flowers: augmentation in a network of its own, then pictures of 0–255 to 0–1. */
export function augmentedCnn(dropout: number): Sketch {
  const augmentation = new Sketcher('augmentation', 'Sequential', [32, 32, 3], 'flip_input');
  augmentation.add('RandomFlip', 'random_flip', { mode: 'horizontal' });
  augmentation.add('RandomRotation', 'random_rotation', { factor: [-0.1, 0.1] });
  const net = new Sketcher('sequential_3', 'Sequential', [32, 32, 3], 'input_3');
  net.nest(augmentation.done());
  net.add('Rescaling', 'rescaling', { scale: 1 / 255 });
  conv(net, 'conv2d', 8, { activation: 'relu' });
  pool(net, 'max_pooling2d');
  conv(net, 'conv2d_1', 16, { activation: 'relu' });
  pool(net, 'max_pooling2d_1');
  net.add('Dropout', 'dropout', { rate: dropout });
  net.add('Flatten', 'flatten');
  dense(net, 'dense', 64, 'relu');
  dense(net, 'outputs', 10);
  return net.done();
}

/** As VGG (arXiv 1409.1556): pairs of convolutions, then dense layers with dropout. */
export function vggLike(dropout: number): Sketch {
  const net = new Sketcher('vgg_like', 'Sequential', [32, 32, 3], 'input_4');
  for (const [block, filters] of [4, 8, 16].entries()) {
    conv(net, `block${block + 1}_conv1`, filters, { activation: 'relu' });
    conv(net, `block${block + 1}_conv2`, filters, { activation: 'relu' });
    pool(net, `block${block + 1}_pool`);
  }
  net.add('Flatten', 'flatten');
  dense(net, 'fc1', 64, 'relu');
  net.add('Dropout', 'drop1', { rate: dropout });
  dense(net, 'fc2', 64, 'relu');
  net.add('Dropout', 'drop2', { rate: dropout });
  dense(net, 'predictions', 10, 'softmax');
  return net.done();
}
