import type { CodecSpec } from '../protocol/codec-spec.ts';
import type { ExpectedTensor } from '../protocol/expected-tensors.ts';
import { accepted, refused } from '../protocol/refusals.ts';
import { codecOf } from './codecs.ts';
import { f32 } from './f32.ts';
import { readFloats } from './little-endian.ts';
import type { UpdateCodec } from './update-codec.ts';

/** What decides the codec of a tensor. */
type Tensor = Pick<ExpectedTensor, 'statistic'>;

/** The codec of each tensor of an update: the run's for what is learnt, and always the same for statistics. */
export function codecOfTensors(spec: CodecSpec): (tensor: Tensor) => UpdateCodec {
  const learnt = codecOf(spec);
  return ({ statistic }) => (statistic === undefined ? learnt : statisticCodec);
}

/**
 * Statistics are sent as they are, in f32. They are few and of any scale: a half would end at 65,504, and a sparse codec
 * would leave most of them out. They are decoded to whatever they are, NaN too: `whyImpossible` judges them, after what
 * is learnt.
 */
const statisticCodec: UpdateCodec = {
  ...f32,
  decode: (payload, elements) =>
    payload.length === f32.maxBytes(elements)
      ? accepted(readFloats(payload, 0, elements))
      : refused('bad-payload', `${payload.length} bytes for ${elements} statistics`),
};
