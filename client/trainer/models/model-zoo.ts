import type * as tfl from '@tensorflow/tfjs-layers';
import type { ModelRequest } from '../trainer-api.ts';
import { buildCnn } from './cnn.ts';

/** A network with the layers after which it may be cut into segments. */
export interface ZooModel {
  readonly model: tfl.Sequential;
  readonly cuts: readonly string[];
}

type Builder = (inputShape: readonly number[], classes: number, seed: number) => ZooModel;

const zoo: ReadonlyMap<string, Builder> = new Map([['cnn', buildCnn]]);

/** @throws where the zoo has no such model */
export function buildZooModel({ name, inputShape, classes, seed }: ModelRequest): ZooModel {
  const build = zoo.get(name);
  if (!build) throw new Error(`no model ${name} in the zoo: there is ${[...zoo.keys()].join(', ')}`);
  return build(inputShape, classes, seed);
}
