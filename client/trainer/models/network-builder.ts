import * as tfl from '@tensorflow/tfjs-layers';
import type { Norm } from '../../../shared/protocol/model-zoo.ts';
import { BatchNormalization } from '../layers/batch-normalization.ts';
import { GroupNormalization } from '../layers/group-normalization.ts';
import { GroupedConv2D } from '../layers/grouped-conv2d.ts';
import type { ModelRequest } from '../trainer-api.ts';
import { heInitializer } from './he-initializer.ts';
import { nearZeroInitializer } from './near-zero-initializer.ts';

/**
 * At most 8 groups. A group must hold enough values to have a mean, even at the end of VGG16 with 128 channels on one
 * place. The paper finds 8 as good as 32 within half a per cent (arXiv 1803.08494, table 3).
 */
const MAX_GROUPS = 8;

/** PyTorch's value, with which the figures of the four architectures were measured. */
export const EPSILON = 1e-5;

/** PyTorch's pace of the moving statistics. A lease is short: with Keras's 0.99 they would lag a whole lease behind. */
const BATCH_NORM_MOMENTUM = 0.9;

/**
 * Maps pixels in [0, 1] to [-2, 2]: natural pictures have a mean of about a half and a deviation of about a quarter.
 * If all pixels are above zero, the deep networks learn far worse (PyTorch, CIFAR-10, 4 passes over 10,000 pictures,
 * DenseNet-28: 43.8 % and not 51.2 %). It is a layer of the network, so that an export takes the same pixels.
 */
const STANDARDISE = { scale: 4, offset: -2 } as const;

export interface ConvOptions {
  readonly kernelSize?: number;
  readonly strides?: number;
  readonly groups?: number;
  readonly useBias?: boolean;
}

/** Builds a network layer by layer. The caller gives the names; seeds are counted from the request's. */
export class NetworkBuilder {
  /** Pictures with a mean of about zero and a deviation of about one. */
  readonly input: tfl.SymbolicTensor;
  private readonly pixels: tfl.SymbolicTensor;
  private readonly request: ModelRequest;
  private readonly kind: Norm;
  private seeds = 0;

  constructor(request: ModelRequest, norm: Norm) {
    this.request = request;
    this.kind = norm;
    this.pixels = tfl.input({ shape: [...request.inputShape], name: 'input' });
    this.input = apply(tfl.layers.rescaling({ name: 'standardise', ...STANDARDISE }), this.pixels);
  }

  conv(x: tfl.SymbolicTensor, name: string, filters: number, options: ConvOptions = {}): tfl.SymbolicTensor {
    const { kernelSize = 3, strides = 1, groups = 1, useBias = false } = options;
    const args = {
      name,
      filters,
      kernelSize,
      strides,
      useBias,
      padding: 'same',
      kernelInitializer: this.he(),
    } as const;
    return apply(groups > 1 ? new GroupedConv2D({ ...args, groups }) : tfl.layers.conv2d(args), x);
  }

  norm(x: tfl.SymbolicTensor, name: string): tfl.SymbolicTensor {
    const layer =
      this.kind === 'batch'
        ? new BatchNormalization({ name, epsilon: EPSILON, momentum: BATCH_NORM_MOMENTUM })
        : new GroupNormalization({ name, epsilon: EPSILON, groups: groupsFor(x.shape.at(-1) ?? 1) });
    return apply(layer, x);
  }

  /** With bias and ReLU. */
  dense(x: tfl.SymbolicTensor, name: string, units: number): tfl.SymbolicTensor {
    return apply(tfl.layers.dense({ name, units, activation: 'relu', kernelInitializer: this.he() }), x);
  }

  /** All numbers of an example in one row. */
  flatten(x: tfl.SymbolicTensor): tfl.SymbolicTensor {
    return apply(tfl.layers.flatten({ name: 'flatten' }), x);
  }

  relu(x: tfl.SymbolicTensor, name: string): tfl.SymbolicTensor {
    return apply(tfl.layers.activation({ name, activation: 'relu' }), x);
  }

  /** Sizes are rounded up, so that after the five pools of VGG16 a picture of 28 × 28 still has one place, not none. */
  maxPool(x: tfl.SymbolicTensor, name: string): tfl.SymbolicTensor {
    return apply(tfl.layers.maxPooling2d({ name, poolSize: 2, padding: 'same' }), x);
  }

  averagePool(x: tfl.SymbolicTensor, name: string): tfl.SymbolicTensor {
    return apply(tfl.layers.averagePooling2d({ name, poolSize: 2 }), x);
  }

  add(a: tfl.SymbolicTensor, b: tfl.SymbolicTensor, name: string): tfl.SymbolicTensor {
    return apply(tfl.layers.add({ name }), [a, b]);
  }

  concat(a: tfl.SymbolicTensor, b: tfl.SymbolicTensor, name: string): tfl.SymbolicTensor {
    return apply(tfl.layers.concatenate({ name }), [a, b]);
  }

  /** Mean over all places, then logits; no softmax. */
  finish(x: tfl.SymbolicTensor): tfl.LayersModel {
    return this.logitsOf(apply(tfl.layers.globalAveragePooling2d({ name: 'mean' }), x));
  }

  /** Logits of all places as they are; no softmax. */
  finishFlat(x: tfl.SymbolicTensor): tfl.LayersModel {
    return this.logitsOf(this.flatten(x));
  }

  /** Logits of numbers that are in one row already; no softmax. */
  finishDense(x: tfl.SymbolicTensor): tfl.LayersModel {
    return this.logitsOf(x);
  }

  private logitsOf(x: tfl.SymbolicTensor): tfl.LayersModel {
    const { name, classes } = this.request;
    const kernelInitializer = nearZeroInitializer(this.nextSeed());
    const logits = tfl.layers.dense({ name: 'logits', units: classes, kernelInitializer });
    return tfl.model({ name, inputs: this.pixels, outputs: apply(logits, x) });
  }

  private he() {
    return heInitializer(this.nextSeed());
  }

  private nextSeed(): number {
    this.seeds += 1;
    return this.request.seed + this.seeds;
  }
}

/** The largest number of groups, up to the most allowed, that divides the channels. */
export const groupsFor = (channels: number): number =>
  Array.from({ length: MAX_GROUPS }, (_, i) => MAX_GROUPS - i).find(groups => channels % groups === 0) ?? 1;

const apply = (layer: tfl.layers.Layer, x: tfl.SymbolicTensor | tfl.SymbolicTensor[]): tfl.SymbolicTensor =>
  layer.apply(x) as tfl.SymbolicTensor;
