import { conv, dense, depthwise, norm, pad, relu6 } from './blocks.ts';
import { type Sketch, Sketcher } from './sketch.ts';

/** MobileNet (arXiv 1704.04861) at a width of a quarter, as Keras's applications write it: it classifies by a convolution. */
export function mobilenetV1(dropout: number): Sketch {
  const net = new Sketcher('mobilenet_0.25_32', 'Functional', [32, 32, 3], 'input_1');
  conv(net, 'conv1', 8, { stride: 2, bias: false });
  norm(net, 'conv1_bn');
  relu6(net, 'conv1_relu');
  const widths = [16, 32, 32, 64, 64, 128, 128, 128, 128, 128, 128, 256, 256];
  for (const [i, width] of widths.entries()) separated(net, i + 1, width, [2, 4, 6, 12].includes(i + 1));
  net.add('GlobalAveragePooling2D', 'global_average_pooling2d', { keepdims: true });
  net.add('Dropout', 'dropout', { rate: dropout });
  conv(net, 'conv_preds', 10, { size: 1 });
  net.add('Reshape', 'reshape_2', { target_shape: [10] });
  net.add('Activation', 'predictions', { activation: 'softmax' });
  return net.done();
}

function separated(net: Sketcher, block: number, filters: number, isHalved: boolean): void {
  if (isHalved) pad(net, `conv_pad_${block}`, 0, 1);
  const moves = isHalved ? ({ stride: 2, padding: 'valid' } as const) : {};
  depthwise(net, `conv_dw_${block}`, { ...moves, bias: false });
  norm(net, `conv_dw_${block}_bn`);
  relu6(net, `conv_dw_${block}_relu`);
  conv(net, `conv_pw_${block}`, filters, { size: 1, bias: false });
  norm(net, `conv_pw_${block}_bn`);
  relu6(net, `conv_pw_${block}_relu`);
}

/** Of each stage of MobileNet v2 at a width of a quarter: expansion, channels, blocks, stride of the first. */
const stages = [
  [6, 8, 2, 2],
  [6, 8, 3, 2],
  [6, 16, 4, 2],
  [6, 24, 3, 1],
  [6, 40, 3, 2],
  [6, 80, 1, 1],
] as const;

/** The body of MobileNet v2 (arXiv 1801.04381) with Keras's names, up to this many stages. */
function bodyV2(net: Sketcher, upTo: number, last: number): void {
  pad(net, 'Conv1_pad', 0, 1);
  conv(net, 'Conv1', 8, { stride: 2, padding: 'valid', bias: false });
  norm(net, 'bn_Conv1');
  relu6(net, 'Conv1_relu');
  inverted(net, 'expanded_conv', { expansion: 1, filters: 4, stride: 1 });
  let block = 1;
  for (const [expansion, filters, count, stride] of stages.slice(0, upTo))
    for (let i = 0; i < count; i++, block++)
      inverted(net, `block_${block}`, { expansion, filters, stride: i === 0 ? stride : 1 });
  conv(net, 'Conv_1', last, { size: 1, padding: 'valid', bias: false });
  norm(net, 'Conv_1_bn');
  relu6(net, 'out_relu');
}

export function mobilenetV2(): Sketch {
  const net = new Sketcher('mobilenetv2_0.25_32', 'Functional', [32, 32, 3], 'input_1');
  bodyV2(net, stages.length, 320);
  net.add('GlobalAveragePooling2D', 'global_average_pooling2d');
  dense(net, 'predictions', 10, 'softmax');
  return net.done();
}

interface Inverted {
  readonly expansion: number;
  readonly filters: number;
  readonly stride: number;
}

function inverted(net: Sketcher, name: string, { expansion, filters, stride }: Inverted): void {
  const input = net.last;
  const channels = net.shapeOf(input).at(-1) ?? 0;
  if (expansion > 1) {
    conv(net, `${name}_expand`, expansion * channels, { size: 1, bias: false });
    norm(net, `${name}_expand_BN`);
    relu6(net, `${name}_expand_relu`);
  }
  if (stride === 2) pad(net, `${name}_pad`, 0, 1);
  depthwise(net, `${name}_depthwise`, { stride, padding: stride === 2 ? 'valid' : 'same', bias: false });
  norm(net, `${name}_depthwise_BN`);
  relu6(net, `${name}_depthwise_relu`);
  conv(net, `${name}_project`, filters, { size: 1, bias: false });
  const projected = norm(net, `${name}_project_BN`);
  if (stride === 1 && channels === filters) net.add('Add', `${name}_add`, {}, input, projected);
}

/** As Teachable Machine saves it: a chain of two chains. The first holds a graph, whose top was cut off. */
export function teachableMachine(): Sketch {
  const body = new Sketcher('model1', 'Functional', [32, 32, 3], 'input_1');
  bodyV2(body, 2, 64);
  const features = new Sketcher('sequential_1', 'Sequential', [32, 32, 3], 'model1_input');
  features.nest(body.done());
  features.add('GlobalAveragePooling2D', 'global_average_pooling2d_GlobalAveragePooling2D1');
  const head = new Sketcher('sequential_3', 'Sequential', [64], 'dense_Dense1_input');
  dense(head, 'dense_Dense1', 100, 'relu');
  head.add('Dense', 'dense_Dense2', { units: 10, activation: 'softmax', use_bias: false });
  const whole = new Sketcher('sequential_4', 'Sequential', [32, 32, 3], 'sequential_1_input');
  whole.nest(features.done());
  whole.nest(head.done());
  return whole.done();
}

/** As the guides to transfer learning write it: a graph that stands in another one as its first layer. */
export function transferLearning(dropout: number): Sketch {
  const body = new Sketcher('mobilenetv2_0.25', 'Functional', [32, 32, 3], 'input_1');
  bodyV2(body, 1, 48);
  const net = new Sketcher('transfer', 'Functional', [32, 32, 3], 'input_2');
  net.nest(body.done());
  net.add('GlobalAveragePooling2D', 'global_average_pooling2d');
  net.add('Dropout', 'dropout', { rate: dropout });
  dense(net, 'dense', 10);
  return net.done();
}

/** Depthwise and pointwise in one layer, as Xception (arXiv 1610.02357) has them. */
export function xceptionLike(): Sketch {
  const net = new Sketcher('xception_like', 'Sequential', [32, 32, 3], 'input_1');
  conv(net, 'block1_conv1', 8, { stride: 2, padding: 'valid', bias: false });
  norm(net, 'block1_conv1_bn');
  net.add('LeakyReLU', 'block1_conv1_act', { negative_slope: 0.1 });
  const separable = { kernel_size: [3, 3], padding: 'same', depth_multiplier: 1 };
  net.add('SeparableConv2D', 'block2_sepconv1', { ...separable, filters: 16, activation: 'leaky_relu' });
  net.add('SeparableConv2D', 'block2_sepconv2', { ...separable, filters: 32, strides: [2, 2] });
  norm(net, 'block2_sepconv2_bn');
  net.add('LeakyReLU', 'block2_act');
  net.add('GlobalAveragePooling2D', 'avg_pool');
  dense(net, 'predictions', 10, 'softmax');
  return net.done();
}
