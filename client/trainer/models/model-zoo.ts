import type * as tfl from '@tensorflow/tfjs-layers';
import { type ZooEntry, zooEntries, zooNames } from '../../../shared/protocol/model-zoo.ts';
import type { ModelRequest } from '../trainer-api.ts';
import { buildCnn } from './cnn.ts';
import { buildDeepCnn } from './deep-cnn.ts';
import { buildDensenet } from './densenet.ts';
import { buildFlatCnn } from './flat-cnn.ts';
import { buildMlp } from './mlp.ts';
import { NetworkBuilder } from './network-builder.ts';
import { buildResnext } from './resnext.ts';
import { buildVgg16 } from './vgg16.ts';

/** @throws if the zoo has no such model */
export function buildZooModel(request: ModelRequest): tfl.LayersModel {
  const entry = zooEntries.find(({ name }) => name === request.name);
  if (!entry) throw new Error(`no model ${request.name} in the zoo: there is ${zooNames.join(', ')}`);
  return build(entry, request);
}

function build({ architecture, norm }: ZooEntry, request: ModelRequest): tfl.LayersModel {
  if (architecture.family === 'small-cnn') return buildCnn(request, architecture.widths);
  const net = new NetworkBuilder(request, norm);
  switch (architecture.family) {
    case 'flat-cnn':
      return buildFlatCnn(net, architecture.widths);
    case 'mlp':
      return buildMlp(net, architecture.widths);
    case 'deep-cnn':
      return buildDeepCnn(net);
    case 'vgg16':
      return buildVgg16(net, architecture.divisor);
    case 'resnext':
      return buildResnext(net, architecture);
    case 'densenet':
      return buildDensenet(net, architecture);
  }
}
