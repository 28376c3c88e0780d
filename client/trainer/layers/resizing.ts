import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { countOf, type LayerArgs, oneShape, oneTensor } from './layer-arguments.ts';

export interface ResizingArgs extends LayerArgs {
  height: number;
  width: number;
  interpolation?: string;
}

/**
 * Keras's Resizing. The layer of this name in tf.layers puts the corners of both pictures on each other, and its
 * output's shape lacks the batch. Keras puts the centres of their pixels on each other.
 */
export class Resizing extends tfl.layers.Layer {
  static readonly className = 'Resizing';
  private readonly size: [height: number, width: number];
  private readonly interpolation: string;

  constructor(args: ResizingArgs) {
    super(args);
    this.size = [countOf(this.name, 'height', args.height), countOf(this.name, 'width', args.width)];
    this.interpolation = args.interpolation ?? 'bilinear';
  }

  override computeOutputShape(inputShape: tfl.Shape | tfl.Shape[]): tfl.Shape {
    const [batch = null, , , channels = null] = oneShape(inputShape);
    return [batch, ...this.size, channels];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const resize =
      this.interpolation === 'nearest' ? tf.image.resizeNearestNeighbor : tf.image.resizeBilinear;
    return tf.tidy(() => resize(oneTensor(inputs) as tf.Tensor4D, this.size, false, true));
  }

  override getConfig(): tf.serialization.ConfigDict {
    const [height, width] = this.size;
    return { ...super.getConfig(), height, width, interpolation: this.interpolation };
  }
}
