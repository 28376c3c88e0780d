import type { CodecName } from '../protocol/codec-spec.ts';
import { f16 } from './f16.ts';
import { f32 } from './f32.ts';
import type { UpdateCodec } from './update-codec.ts';

export const codecs: Readonly<Record<CodecName, UpdateCodec>> = { f32, f16 };
