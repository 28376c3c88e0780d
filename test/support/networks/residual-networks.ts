import { conv, dense, norm, pad, pool, relu } from './blocks.ts';
import { type Sketch, Sketcher } from './sketch.ts';

/** ResNet-8 for CIFAR (arXiv 1512.03385): three blocks, the last two with a projection. */
export function resnet8(): Sketch {
  const net = new Sketcher('resnet8', 'Functional', [32, 32, 3], 'input_1');
  conv(net, 'conv', 8, { bias: false });
  norm(net, 'bn');
  relu(net, 'relu');
  for (const [stage, filters] of [8, 16, 32].entries())
    block(net, `stage${stage + 1}`, filters, stage === 0 ? 1 : 2);
  return classify(net);
}

/** ResNet-18 with an eighth of its channels: a padded stem, a pool, four stages of two blocks. */
export function resnet18(): Sketch {
  const net = new Sketcher('resnet18', 'Functional', [32, 32, 3], 'input_1');
  pad(net, 'conv1_pad', 3, 3);
  conv(net, 'conv1_conv', 8, { size: 7, stride: 2, padding: 'valid', bias: false });
  norm(net, 'conv1_bn');
  relu(net, 'conv1_relu');
  pad(net, 'pool1_pad', 1, 1);
  pool(net, 'pool1_pool', 3, 2);
  for (const [stage, filters] of [8, 16, 32, 64].entries())
    for (const unit of [1, 2])
      block(net, `conv${stage + 2}_block${unit}`, filters, stage > 0 && unit === 1 ? 2 : 1);
  return classify(net);
}

function classify(net: Sketcher): Sketch {
  net.add('GlobalAveragePooling2D', 'avg_pool');
  dense(net, 'predictions', 10, 'softmax');
  return net.done();
}

/** In the order in which Keras writes layers: those that are as far from the output stand side by side. */
function block(net: Sketcher, name: string, filters: number, stride: number): void {
  const input = net.last;
  const isSame = stride === 1 && net.shapeOf(input).at(-1) === filters;
  conv(net, `${name}_1_conv`, filters, { stride, bias: false });
  norm(net, `${name}_1_bn`);
  const half = relu(net, `${name}_1_relu`);
  const projected = isSame
    ? null
    : conv(net, `${name}_0_conv`, filters, { size: 1, stride, bias: false }, input);
  const main = conv(net, `${name}_2_conv`, filters, { bias: false }, half);
  const skip = projected === null ? input : norm(net, `${name}_0_bn`, projected);
  norm(net, `${name}_2_bn`, main);
  net.add('Add', `${name}_add`, {}, skip, net.last);
  relu(net, `${name}_out`);
}

/** SqueezeNet 1.1 (arXiv 1602.07360) with a quarter of its channels. It ends in a layer of softmax alone. */
export function squeezenet(dropout: number): Sketch {
  const net = new Sketcher('squeezenet', 'Functional', [32, 32, 3], 'input_1');
  conv(net, 'conv1', 16, { activation: 'relu' });
  pool(net, 'pool1', 3, 2);
  for (const [i, squeeze] of [4, 4, 8, 8].entries()) {
    fire(net, `fire${i + 2}`, squeeze);
    if (i === 1) pool(net, 'pool3', 3, 2);
  }
  net.add('Dropout', 'drop9', { rate: dropout });
  conv(net, 'conv10', 10, { size: 1, padding: 'valid', activation: 'relu' });
  net.add('GlobalAveragePooling2D', 'global_average_pooling2d');
  net.add('Activation', 'loss', { activation: 'softmax' });
  return net.done();
}

function fire(net: Sketcher, name: string, squeeze: number): void {
  const squeezed = conv(net, `${name}_squeeze`, squeeze, { size: 1, activation: 'relu' });
  const small = conv(net, `${name}_expand1`, 4 * squeeze, { size: 1, activation: 'relu' }, squeezed);
  const large = conv(net, `${name}_expand3`, 4 * squeeze, { activation: 'relu' }, squeezed);
  net.add('Concatenate', `${name}_concat`, { axis: 3 }, small, large);
}
