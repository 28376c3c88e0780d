import type * as tfl from '@tensorflow/tfjs-layers';

/** A network with the layers after which it may be cut into segments. */
export interface ZooModel {
  readonly model: tfl.Sequential;
  readonly cuts: readonly string[];
}
