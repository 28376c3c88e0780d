import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { groupNorm } from '../ops/group-norm.ts';
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

/** Keras 3's names. */
export interface GroupNormalizationArgs extends LayerArgs {
  /** −1 gives every channel its own group: instance normalisation. */
  groups?: number;
  /** The channels; only the last axis is offered. */
  axis?: number;
  epsilon?: number;
  center?: boolean;
  scale?: boolean;
  betaInitializer?: InitializerChoice;
  gammaInitializer?: InitializerChoice;
}

/**
 * Group normalisation as in Keras 3; tf.layers has none. It is the same in training and inference, and keeps no
 * statistics.
 */
export class GroupNormalization extends tfl.layers.Layer {
  static readonly className = 'GroupNormalization';
  private readonly groups: number;
  private readonly axis: number;
  private readonly epsilon: number;
  private readonly center: boolean;
  private readonly scale: boolean;
  private readonly betaInitializer: Initializer;
  private readonly gammaInitializer: Initializer;
  private gamma: tfl.LayerVariable | null = null;
  private beta: tfl.LayerVariable | null = null;

  constructor(args: GroupNormalizationArgs = {}) {
    super(args);
    this.groups = args.groups === -1 ? -1 : countOf(this.name, 'groups', args.groups ?? 32);
    this.axis = args.axis ?? -1;
    this.epsilon = args.epsilon ?? 1e-3;
    this.center = args.center ?? true;
    this.scale = args.scale ?? true;
    this.betaInitializer = initializerOf(args.betaInitializer ?? 'zeros');
    this.gammaInitializer = initializerOf(args.gammaInitializer ?? 'ones');
  }

  override build(inputShape: tfl.Shape | tfl.Shape[]): void {
    const shape = oneShape(inputShape);
    const channels = channelsOf(shape);
    if (this.axis !== -1 && this.axis !== shape.length - 1)
      throw new Error(`${this.name} normalises over axis ${this.axis}: only the last is offered`);
    if (channels % this.groupsOf(channels) !== 0)
      throw new Error(`${this.groups} groups of ${this.name} do not divide ${channels} channels`);
    if (this.scale) this.gamma = this.addWeight('gamma', [channels], 'float32', this.gammaInitializer);
    if (this.center) this.beta = this.addWeight('beta', [channels], 'float32', this.betaInitializer);
    this.built = true;
  }

  override computeOutputShape(inputShape: tfl.Shape | tfl.Shape[]): tfl.Shape {
    return oneShape(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = oneTensor(inputs);
      const channels = channelsOf(x.shape);
      const gamma = this.gamma?.read() ?? tf.ones([channels]);
      const beta = this.beta?.read() ?? tf.zeros([channels]);
      return groupNorm(x, gamma, beta, { groups: this.groupsOf(channels), epsilon: this.epsilon });
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      ...super.getConfig(),
      groups: this.groups,
      axis: this.axis,
      epsilon: this.epsilon,
      center: this.center,
      scale: this.scale,
      betaInitializer: initializerConfig(this.betaInitializer),
      gammaInitializer: initializerConfig(this.gammaInitializer),
    };
  }

  private groupsOf(channels: number): number {
    return this.groups === -1 ? channels : this.groups;
  }
}
