import type { ModelRequest } from '../trainer-api.ts';
import { buildCnn } from './cnn.ts';
import type { ZooModel } from './zoo-model.ts';

type Builder = (request: ModelRequest) => ZooModel;

const cnn =
  (...widths: [number, number]): Builder =>
  ({ name, inputShape, classes, seed }) =>
    buildCnn(name, widths, inputShape, classes, seed);

const zoo: ReadonlyMap<string, Builder> = new Map([
  ['cnn', cnn(16, 32)],
  // For the weakest devices, and for WebGPU without a GPU.
  ['cnn-tiny', cnn(4, 8)],
]);

/** @throws where the zoo has no such model */
export function buildZooModel(request: ModelRequest): ZooModel {
  const build = zoo.get(request.name);
  if (!build) throw new Error(`no model ${request.name} in the zoo: there is ${[...zoo.keys()].join(', ')}`);
  return build(request);
}
