import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { type GroupedConv2DAttrs, groupedConv2d, groupedConvInfo } from '../ops/grouped-conv2d.ts';
import {
  channelsOf,
  countOf,
  type Initializer,
  type InitializerChoice,
  initializerConfig,
  initializerOf,
  type LayerArgs,
  oneShape,
  oneTensor,
} from './layer-arguments.ts';

/** Keras's names; `filters` counts those of all groups together. */
export interface GroupedConv2DArgs extends LayerArgs {
  filters: number;
  kernelSize: number | number[];
  strides?: number | number[];
  padding?: string;
  groups?: number;
  activation?: string;
  useBias?: boolean;
  kernelInitializer?: InitializerChoice;
  biasInitializer?: InitializerChoice;
}

type Variable = tfl.LayerVariable;

/**
 * Convolution in groups, like Keras's Conv2D with `groups`; tf.layers has none. The kernel is [kh, kw, cin / groups,
 * filters], so that an initialiser by fan-in (He) sees the fan-in of one group.
 */
export class GroupedConv2D extends tfl.layers.Layer {
  static readonly className = 'GroupedConv2D';
  readonly filters: number;
  readonly kernelSize: [number, number];
  readonly groups: number;
  private readonly strides: [number, number];
  private readonly padding: 'same' | 'valid';
  private readonly activation: string;
  private readonly activate: tfl.layers.Layer;
  private readonly useBias: boolean;
  private readonly kernelInitializer: Initializer;
  private readonly biasInitializer: Initializer;
  private kernel: Variable | null = null;
  private bias: Variable | null = null;

  constructor(args: GroupedConv2DArgs) {
    super(args);
    this.filters = countOf(this.name, 'filters', args.filters);
    this.groups = countOf(this.name, 'groups', args.groups ?? 1);
    this.kernelSize = pairOf(args.kernelSize);
    this.strides = pairOf(args.strides ?? 1);
    this.padding = paddingOf(args.padding ?? 'valid');
    this.activation = args.activation ?? 'linear';
    this.activate = tfl.layers.activation({
      activation: activationOf(this.activation),
      name: `${this.name}-activate`,
    });
    this.useBias = args.useBias ?? true;
    this.kernelInitializer = initializerOf(args.kernelInitializer ?? 'glorotUniform');
    this.biasInitializer = initializerOf(args.biasInitializer ?? 'zeros');
  }

  override build(inputShape: tfl.Shape | tfl.Shape[]): void {
    const channels = channelsOf(oneShape(inputShape));
    if (channels % this.groups !== 0 || this.filters % this.groups !== 0)
      throw new Error(
        `${this.groups} groups of ${this.name} do not divide ${channels} and ${this.filters} channels`,
      );
    const kernel = [...this.kernelSize, channels / this.groups, this.filters];
    this.kernel = this.addWeight('kernel', kernel, 'float32', this.kernelInitializer);
    if (this.useBias) this.bias = this.addWeight('bias', [this.filters], 'float32', this.biasInitializer);
    this.built = true;
  }

  override computeOutputShape(inputShape: tfl.Shape | tfl.Shape[]): tfl.Shape {
    const [, height, width] = oneShape(inputShape);
    if (typeof height !== 'number' || typeof width !== 'number')
      throw new Error(`${this.name} needs pictures of fixed size`);
    const input = [1, height, width, this.groups];
    const { outHeight, outWidth } = groupedConvInfo(
      input,
      [...this.kernelSize, 1, this.groups],
      this.attrs(),
    );
    return [null, outHeight, outWidth, this.filters];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor | tf.Tensor[] {
    return tf.tidy(() => {
      const kernel = this.kernel?.read() as tf.Tensor4D;
      const y = groupedConv2d(oneTensor(inputs) as tf.Tensor4D, kernel, this.attrs());
      const shifted = this.bias ? tf.add(y, this.bias.read()) : y;
      return this.activation === 'linear' ? shifted : this.activate.call(shifted, {});
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      ...super.getConfig(),
      filters: this.filters,
      kernelSize: this.kernelSize,
      strides: this.strides,
      padding: this.padding,
      groups: this.groups,
      activation: this.activation,
      useBias: this.useBias,
      kernelInitializer: initializerConfig(this.kernelInitializer),
      biasInitializer: initializerConfig(this.biasInitializer),
    };
  }

  private attrs(): GroupedConv2DAttrs {
    return { groups: this.groups, strides: this.strides, pad: this.padding };
  }
}

function pairOf(size: number | readonly number[]): [number, number] {
  const [first, second = first] = typeof size === 'number' ? [size] : size;
  if (first === undefined || second === undefined) throw new Error('a convolution needs a size');
  return [first, second];
}

function paddingOf(padding: string): 'same' | 'valid' {
  if (padding === 'same' || padding === 'valid') return padding;
  throw new Error(`padding ${padding} is not offered: same or valid`);
}

type ActivationName = Parameters<typeof tfl.layers.activation>[0]['activation'];

/** tf.layers checks the name itself. */
const activationOf = (name: string): ActivationName => name as ActivationName;
