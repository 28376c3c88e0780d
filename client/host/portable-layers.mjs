/**
 * The layers that tf.layers lacks or has otherwise, written in its own operations. With these any tfjs loads a model
 * that Homeroom exported.
 *
 *   import * as tf from '@tensorflow/tfjs';
 *   import { registerLayers } from './layers.mjs';
 *   registerLayers(tf);
 *   const model = await tf.loadLayersModel('model.json');
 */
export function registerLayers(tf) {
  const pair = size => (Array.isArray(size) ? size : [size, size]);

  /** The Conv2D of Keras with groups: each group of output channels sees its own group of input channels. */
  class GroupedConv2D extends tf.layers.Layer {
    static className = 'GroupedConv2D';

    constructor(config) {
      super(config);
      this.config = {
        groups: 1,
        strides: 1,
        padding: 'valid',
        activation: 'linear',
        useBias: true,
        ...config,
      };
      this.activate = tf.layers.activation({ activation: this.config.activation });
    }

    build(shape) {
      const { kernelSize, filters, groups, useBias } = this.config;
      const kernel = [...pair(kernelSize), shape.at(-1) / groups, filters];
      this.kernel = this.addWeight('kernel', kernel, 'float32', tf.initializers.zeros());
      if (useBias) this.bias = this.addWeight('bias', [filters], 'float32', tf.initializers.zeros());
      super.build(shape);
    }

    computeOutputShape([batch, height, width]) {
      const { kernelSize, strides, padding, filters } = this.config;
      const [down, across] = pair(strides);
      const [kernelHeight, kernelWidth] = padding === 'same' ? [1, 1] : pair(kernelSize);
      const sizes = [(height - kernelHeight + 1) / down, (width - kernelWidth + 1) / across];
      return [batch, ...sizes.map(Math.ceil), filters];
    }

    call(inputs) {
      return tf.tidy(() => {
        const { groups, strides, padding } = this.config;
        const x = Array.isArray(inputs) ? inputs[0] : inputs;
        const kernels = tf.split(this.kernel.read(), groups, 3);
        const outputs = tf
          .split(x, groups, 3)
          .map((group, i) => tf.conv2d(group, kernels[i], strides, padding));
        const y = tf.concat(outputs, 3);
        return this.activate.apply(this.bias ? tf.add(y, this.bias.read()) : y);
      });
    }

    getConfig() {
      return { ...super.getConfig(), ...this.config };
    }
  }

  /** The GroupNormalization of Keras 3, over the last axis. */
  class GroupNormalization extends tf.layers.Layer {
    static className = 'GroupNormalization';

    constructor(config) {
      super(config);
      this.config = { groups: 32, epsilon: 1e-3, center: true, scale: true, ...config };
    }

    build(shape) {
      const channels = [shape.at(-1)];
      if (this.config.scale)
        this.gamma = this.addWeight('gamma', channels, 'float32', tf.initializers.ones());
      if (this.config.center)
        this.beta = this.addWeight('beta', channels, 'float32', tf.initializers.zeros());
      super.build(shape);
    }

    computeOutputShape(shape) {
      return shape;
    }

    call(inputs) {
      return tf.tidy(() => {
        const x = Array.isArray(inputs) ? inputs[0] : inputs;
        const channels = x.shape.at(-1);
        const groups = this.config.groups === -1 ? channels : this.config.groups;
        const split = tf.reshape(x, [x.shape[0], -1, groups, channels / groups]);
        const { mean, variance } = tf.moments(split, [1, 3], true);
        const normal = tf.mul(tf.sub(split, mean), tf.rsqrt(tf.add(variance, this.config.epsilon)));
        const y = tf.reshape(normal, x.shape);
        const scaled = this.gamma ? tf.mul(y, this.gamma.read()) : y;
        return this.beta ? tf.add(scaled, this.beta.read()) : scaled;
      });
    }

    getConfig() {
      return { ...super.getConfig(), ...this.config };
    }
  }

  /** The Resizing of Keras. The layer of this name in tfjs puts the corners of both pictures on each other. */
  class Resizing extends tf.layers.Layer {
    static className = 'Resizing';

    constructor(config) {
      super(config);
      this.config = { interpolation: 'bilinear', ...config };
    }

    computeOutputShape([batch, , , channels]) {
      return [batch, this.config.height, this.config.width, channels];
    }

    call(inputs) {
      const { height, width, interpolation } = this.config;
      const resize = interpolation === 'nearest' ? tf.image.resizeNearestNeighbor : tf.image.resizeBilinear;
      return tf.tidy(() => resize(Array.isArray(inputs) ? inputs[0] : inputs, [height, width], false, true));
    }

    getConfig() {
      return { ...super.getConfig(), ...this.config };
    }
  }

  /** Adds one trained number to each channel. */
  class Bias extends tf.layers.Layer {
    static className = 'Bias';

    build(shape) {
      this.bias = this.addWeight('bias', [shape.at(-1)], 'float32', tf.initializers.zeros());
      super.build(shape);
    }

    computeOutputShape(shape) {
      return shape;
    }

    call(inputs) {
      return tf.add(Array.isArray(inputs) ? inputs[0] : inputs, this.bias.read());
    }
  }

  tf.serialization.registerClass(Bias);
  tf.serialization.registerClass(GroupedConv2D);
  tf.serialization.registerClass(GroupNormalization);
  tf.serialization.registerClass(Resizing);
}
