import { conv, dense, depthwise, norm } from './blocks.ts';
import { type Sketch, Sketcher } from './sketch.ts';

/** How a squeeze-excite block gets from a mean for each channel to a picture of one pixel. */
type Squeeze = 'reshape' | 'keepdims';

interface MobileBlock {
  readonly filters: number;
  readonly stride: number;
  readonly squeeze: Squeeze;
  readonly activation: string;
  readonly gate: string;
}

/** As EfficientNet (arXiv 1905.11946): swish, squeeze-excite, drop-out on the way to a sum. */
export function efficientnetLike(dropout: number): Sketch {
  const net = new Sketcher('efficientnet_like', 'Functional', [32, 32, 3], 'input_1');
  stem(net, 'silu');
  const block = { activation: 'silu', gate: 'sigmoid' };
  mobileBlock(net, 'block1a', { ...block, filters: 8, stride: 1, squeeze: 'reshape' }, dropout);
  mobileBlock(net, 'block2a', { ...block, filters: 16, stride: 2, squeeze: 'keepdims' }, dropout);
  mobileBlock(net, 'block2b', { ...block, filters: 16, stride: 1, squeeze: 'keepdims' }, dropout);
  conv(net, 'top_conv', 32, { size: 1, bias: false });
  norm(net, 'top_bn');
  net.add('Activation', 'top_activation', { activation: 'silu' });
  return classify(net);
}

/** As MobileNet v3 (arXiv 1905.02244), whose gate is the hard sigmoid: Keras 2 and 3 mean another one. */
export function hardGated(): Sketch {
  const net = new Sketcher('hard_gated', 'Functional', [32, 32, 3], 'input_1');
  stem(net, 'relu');
  const block = { activation: 'relu', gate: 'hard_sigmoid', squeeze: 'keepdims' } as const;
  mobileBlock(net, 'block1', { ...block, filters: 8, stride: 1 }, 0);
  mobileBlock(net, 'block2', { ...block, filters: 16, stride: 2 }, 0);
  net.add('Activation', 'top_activation', { activation: 'hard_sigmoid' });
  return classify(net);
}

function stem(net: Sketcher, activation: string): void {
  conv(net, 'stem_conv', 8, { stride: 2, bias: false });
  norm(net, 'stem_bn');
  net.add('Activation', 'stem_activation', { activation });
}

function classify(net: Sketcher): Sketch {
  net.add('GlobalAveragePooling2D', 'avg_pool');
  dense(net, 'predictions', 10, 'softmax');
  return net.done();
}

function mobileBlock(net: Sketcher, name: string, block: MobileBlock, dropout: number): void {
  const input = net.last;
  const channels = net.shapeOf(input).at(-1) ?? 0;
  const { filters, stride, activation } = block;
  conv(net, `${name}_expand_conv`, 2 * channels, { size: 1, bias: false });
  norm(net, `${name}_expand_bn`);
  net.add('Activation', `${name}_expand_activation`, { activation });
  depthwise(net, `${name}_dwconv`, { stride, bias: false });
  norm(net, `${name}_bn`);
  net.add('Activation', `${name}_activation`, { activation });
  excite(net, name, block, 2 * channels);
  conv(net, `${name}_project_conv`, filters, { size: 1, bias: false });
  norm(net, `${name}_project_bn`);
  if (stride !== 1 || channels !== filters) return;
  const dropped = net.add('Dropout', `${name}_drop`, { rate: dropout, noise_shape: [null, 1, 1, 1] });
  net.add('Add', `${name}_add`, {}, dropped, input);
}

function excite(
  net: Sketcher,
  name: string,
  { squeeze, activation, gate }: MobileBlock,
  channels: number,
): void {
  const features = net.last;
  net.add('GlobalAveragePooling2D', `${name}_se_squeeze`, { keepdims: squeeze === 'keepdims' });
  if (squeeze === 'reshape') net.add('Reshape', `${name}_se_reshape`, { target_shape: [1, 1, channels] });
  conv(net, `${name}_se_reduce`, 4, { size: 1, activation });
  const gates = conv(net, `${name}_se_expand`, channels, { size: 1, activation: gate });
  net.add('Multiply', `${name}_se_excite`, {}, features, gates);
}

/** As ConvNeXt (arXiv 2201.03545): depthwise 7 × 7, LayerNorm, dense layers on every pixel, GELU, a skip. */
export function convnextLike(): Sketch {
  const net = new Sketcher('convnext_like', 'Functional', [32, 32, 3], 'input_1');
  conv(net, 'stem_conv', 8, { size: 4, stride: 4, padding: 'valid' });
  layerNorm(net, 'stem_norm');
  for (const [stage, width] of [8, 16].entries()) {
    if (stage > 0) downsample(net, `downsampling_${stage}`, width);
    for (const block of [0, 1]) convnextBlock(net, `stage_${stage}_block_${block}`, width);
  }
  net.add('GlobalAveragePooling2D', 'head_gap');
  layerNorm(net, 'head_norm');
  dense(net, 'head_dense', 10, 'softmax');
  return net.done();
}

const layerNorm = (net: Sketcher, name: string): string =>
  net.add('LayerNormalization', name, { epsilon: 1e-6 });

function downsample(net: Sketcher, name: string, width: number): void {
  layerNorm(net, `${name}_norm`);
  conv(net, `${name}_conv`, width, { size: 2, stride: 2, padding: 'valid' });
}

function convnextBlock(net: Sketcher, name: string, width: number): void {
  const input = net.last;
  depthwise(net, `${name}_depthwise_conv`, { size: 7 });
  layerNorm(net, `${name}_layernorm`);
  dense(net, `${name}_pointwise_conv_1`, 4 * width, 'gelu');
  dense(net, `${name}_pointwise_conv_2`, width);
  net.add('Add', `${name}_add`, {}, input, net.last);
}

/** A small vision transformer (arXiv 2010.11929): patches, attention, a dense layer on every patch. */
export function tinyVit(): Sketch {
  const net = new Sketcher('tiny_vit', 'Functional', [32, 32, 3], 'input_1');
  conv(net, 'patches', 16, { size: 8, stride: 8, padding: 'valid' });
  net.add('Reshape', 'tokens', { target_shape: [16, 16] });
  const input = layerNorm(net, 'norm_1');
  net.add('MultiHeadAttention', 'attention', {}, input, input);
  const attended = net.add('Add', 'add_1', {}, input, net.last);
  layerNorm(net, 'norm_2');
  dense(net, 'mlp_1', 32, 'gelu');
  dense(net, 'mlp_2', 16);
  net.add('Add', 'add_2', {}, attended, net.last);
  net.add('Flatten', 'flatten');
  dense(net, 'head', 10);
  return net.done();
}
