import { codecOf } from '../../../shared/codec/codecs.ts';
import {
  decodeUpdate,
  encodeUpdate,
  openEnvelope,
  type UpdateTensor,
} from '../../../shared/codec/envelope.ts';
import type { KeptTensors, LeaseJob, LeaseResult } from '../trainer-api.ts';

/** An update as it is sent, and what it leaves. */
export type Encoded = Pick<LeaseResult, 'envelope' | 'residual'>;

/**
 * Error feedback (Seide et al., "1-Bit Stochastic Gradient Descent", 2014): what a lossy codec C leaves unsent is not
 * lost but comes with the next update. With the delta Δ and the last residual e it sends C(v), v = Δ + decay·e, and
 * keeps e = v − C(v). Statistics are no deltas: they are sent whole, and nothing is kept of them.
 * @param decay the codec's setting; undefined if the codec keeps no residual
 */
export function encodeWithFeedback(
  { lease, codec, residual }: Pick<LeaseJob, 'lease' | 'codec' | 'residual'>,
  deltas: readonly UpdateTensor[],
  metrics: object,
  decay = codecOf(codec).residualDecay,
): Encoded {
  if (decay === undefined) return { envelope: encodeUpdate({ lease, codec, tensors: deltas, metrics }) };
  const tensors = deltas.map(delta => withResidual(delta, residual, decay));
  const envelope = encodeUpdate({ lease, codec, tensors, metrics });
  return { envelope, residual: unsent(tensors, envelope, codec) };
}

function withResidual(delta: UpdateTensor, residual: KeptTensors | undefined, decay: number): UpdateTensor {
  if (delta.statistic !== undefined) return delta;
  const error = residual?.[delta.segment]?.[delta.tensor];
  if (!error) return delta;
  if (error.length !== delta.values.length)
    throw new RangeError(`the residual of ${delta.tensor} has ${error.length} values`);
  return { ...delta, values: delta.values.map((value, i) => value + decay * (error[i] as number)) };
}

/** v − C(v), with C(v) as the platform will read it from the envelope. */
function unsent(
  tensors: readonly UpdateTensor[],
  envelope: Uint8Array,
  codec: LeaseJob['codec'],
): KeptTensors {
  const expected = tensors.map(({ values, ...tensor }) => ({ ...tensor, elements: values.length }));
  const opened = openEnvelope(envelope);
  const sent = opened.ok ? decodeUpdate(opened.value, { codec, tensors: expected }) : opened;
  if (!sent.ok) throw new Error(`an update cannot be read that was just written: ${sent.reason}`);
  const residual: Record<string, KeptTensors[string]> = {};
  for (const [i, { segment, tensor, values }] of tensors.entries())
    residual[segment] = { ...residual[segment], [tensor]: difference(values, sent.value[i] ?? values) };
  return residual;
}

const difference = (a: Float32Array, b: Float32Array): Float32Array =>
  a.map((value, i) => value - (b[i] as number));
