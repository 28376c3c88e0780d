import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { ZooArchitecture } from '../../../shared/protocol/model-zoo.ts';
import type { NetworkBuilder } from './network-builder.ts';

type Architecture = Extract<ZooArchitecture, { family: 'resnext' }>;

interface Block {
  readonly name: string;
  readonly cardinality: number;
  /** Channels of all paths together. */
  readonly inner: number;
  readonly filters: number;
  readonly strides: number;
}

const STAGES = 3;

/**
 * ResNeXt for CIFAR (arXiv 1611.05431, section 5.3, the bottleneck of figure 3c): a stem, three stages whose widths
 * double and whose sizes halve, the mean, dense.
 */
export function buildResnext(net: NetworkBuilder, architecture: Architecture): LayersModel {
  const { blocks, cardinality, pathWidth, widen, stem } = architecture;
  let x = net.conv(net.input, 'stem', stem.filters, { strides: stem.strides });
  x = net.relu(net.norm(x, 'stem-norm'), 'stem-relu');
  for (let s = 0; s < STAGES; s++)
    for (let b = 0; b < blocks; b++)
      x = residual(net, x, {
        name: `stage${s + 1}-block${b + 1}`,
        cardinality,
        inner: cardinality * pathWidth * 2 ** s,
        filters: 64 * widen * 2 ** s,
        strides: s > 0 && b === 0 ? 2 : 1,
      });
  return net.finish(x);
}

/** 1 × 1, 3 × 3 in groups, 1 × 1, added to the input; if sizes differ, to a projection of the input. */
function residual(net: NetworkBuilder, input: SymbolicTensor, block: Block): SymbolicTensor {
  const { name, cardinality, inner, filters, strides } = block;
  let x = net.conv(input, `${name}-reduce`, inner, { kernelSize: 1 });
  x = net.relu(net.norm(x, `${name}-reduce-norm`), `${name}-reduce-relu`);
  x = net.conv(x, `${name}-grouped`, inner, { strides, groups: cardinality });
  x = net.relu(net.norm(x, `${name}-grouped-norm`), `${name}-grouped-relu`);
  x = net.norm(net.conv(x, `${name}-expand`, filters, { kernelSize: 1 }), `${name}-expand-norm`);
  const isSame = strides === 1 && input.shape.at(-1) === filters;
  const shortcut = isSame
    ? input
    : net.norm(
        net.conv(input, `${name}-shortcut`, filters, { kernelSize: 1, strides }),
        `${name}-shortcut-norm`,
      );
  return net.relu(net.add(x, shortcut, `${name}-add`), `${name}-relu`);
}
