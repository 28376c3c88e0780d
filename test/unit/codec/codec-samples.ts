import type { CodecName, CodecSpec } from '../../../shared/protocol/codec-spec.ts';

type Samples = { readonly [Spec in CodecSpec as Spec['name']]: readonly Spec[] };

/** Settings with which each codec is held to the contract: at least its defaults, and the ends of what it takes. */
const samples: Samples = {
  f32: [{ name: 'f32' }],
  f16: [{ name: 'f16' }],
};

export const samplesOf = (name: CodecName): readonly CodecSpec[] => samples[name];

export const codecSamples: readonly CodecSpec[] = Object.values(samples).flat();
