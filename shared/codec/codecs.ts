import type { CodecName, CodecSpec } from '../protocol/codec-spec.ts';
import { f16 } from './f16.ts';
import { f32 } from './f32.ts';
import type { UpdateCodec } from './update-codec.ts';

type CodecSpecs = { readonly [Spec in CodecSpec as Spec['name']]: Spec };

/** Every codec as a function of its settings. */
const codecs: { readonly [Name in CodecName]: (spec: CodecSpecs[Name]) => UpdateCodec } = {
  f32: () => f32,
  f16: () => f16,
};

/** A spec written so that TypeScript follows its name to the one codec that takes it. */
type SpecOf<Name extends CodecName> = { [N in Name]: CodecSpecs[N] & { readonly name: N } }[Name];

/** The codec of a spec, its settings bound. */
export const codecOf = <Name extends CodecName>(spec: SpecOf<Name>): UpdateCodec => codecs[spec.name](spec);
