import * as z from 'zod';
import { parseJsonBytes } from '../../shared/math/utf8.ts';
import { cutText } from '../../shared/protocol/cut-text.ts';

const manifestSchema = z.looseObject({
  weightsManifest: z.array(z.looseObject({ paths: z.array(z.string()) })).default([]),
});

/** A model.json without the byte order mark that some editors put before it. */
export const withoutByteOrderMark = (bytes: Uint8Array): Uint8Array =>
  bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.slice(3) : bytes;

/** The files of weights that a `model.json` names. None if it is no model.json: the trainer says so in words. */
export const weightPaths = (modelJson: Uint8Array): string[] =>
  manifestSchema.safeParse(parseJsonBytes(modelJson)).data?.weightsManifest.flatMap(({ paths }) => paths) ??
  [];

/** The name of a host's own network in its run: short, and never empty. */
export const modelFileName = (name: string): string => cutText(name.trim(), 60) || 'model';
