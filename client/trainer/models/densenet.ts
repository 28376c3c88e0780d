import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { ZooArchitecture } from '../../../shared/protocol/model-zoo.ts';
import type { NetworkBuilder } from './network-builder.ts';

type Architecture = Extract<ZooArchitecture, { family: 'densenet' }>;

const BLOCKS = 3;
const COMPRESSION = 0.5;

/** A bottleneck puts out four times the growth (the B of DenseNet-BC). */
const BOTTLENECK = 4;

/**
 * DenseNet-BC for CIFAR (arXiv 1608.06993, section 3): three dense blocks of (depth − 4) / 6 bottlenecked layers.
 * Each layer adds `growth` channels to all before it. A transition between blocks halves channels and size.
 */
export function buildDensenet(net: NetworkBuilder, { depth, growth, stem }: Architecture): LayersModel {
  const layers = (depth - 4) / 6;
  if (!Number.isInteger(layers))
    throw new Error(`a DenseNet-BC's depth is 4 more than a multiple of 6, not ${depth}`);
  let x = net.conv(net.input, 'stem', stem.filters, { strides: stem.strides });
  for (let b = 1; b <= BLOCKS; b++) {
    for (let l = 1; l <= layers; l++) x = denseLayer(net, x, `block${b}-layer${l}`, growth);
    if (b < BLOCKS) x = transition(net, x, `transition${b}`);
  }
  return net.finish(net.relu(net.norm(x, 'last-norm'), 'last-relu'));
}

function denseLayer(
  net: NetworkBuilder,
  input: SymbolicTensor,
  name: string,
  growth: number,
): SymbolicTensor {
  let x = net.relu(net.norm(input, `${name}-norm1`), `${name}-relu1`);
  x = net.conv(x, `${name}-conv1`, BOTTLENECK * growth, { kernelSize: 1 });
  x = net.relu(net.norm(x, `${name}-norm2`), `${name}-relu2`);
  x = net.conv(x, `${name}-conv2`, growth);
  return net.concat(input, x, `${name}-concat`);
}

function transition(net: NetworkBuilder, input: SymbolicTensor, name: string): SymbolicTensor {
  const channels = Math.floor((input.shape.at(-1) ?? 0) * COMPRESSION);
  const x = net.relu(net.norm(input, `${name}-norm`), `${name}-relu`);
  return net.averagePool(net.conv(x, `${name}-conv`, channels, { kernelSize: 1 }), `${name}-pool`);
}
