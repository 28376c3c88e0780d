import type * as tfl from '@tensorflow/tfjs-layers';

/** A network with the layers after which it is cut into segments. */
export interface ZooModel {
  readonly model: tfl.LayersModel;
  readonly cuts: readonly string[];
}
