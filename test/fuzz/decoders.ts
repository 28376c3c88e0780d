import type { Decoder } from './decoder.ts';
import { codecDecoders } from './decoders/codec-decoders.ts';
import { datasetDecoders } from './decoders/dataset-decoders.ts';
import { keptDecoders } from './decoders/kept-decoders.ts';
import { messageDecoders } from './decoders/message-decoders.ts';
import { topologyDecoders } from './decoders/topology-decoders.ts';

/** Everything that decodes what comes from outside. */
export const decoders: readonly Decoder[] = [
  ...codecDecoders,
  ...datasetDecoders,
  ...messageDecoders,
  ...keptDecoders,
  ...topologyDecoders,
];
