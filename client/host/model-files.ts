import * as z from 'zod';
import { parseJsonBytes } from '../../shared/math/utf8.ts';

const manifestSchema = z.looseObject({
  weightsManifest: z.array(z.looseObject({ paths: z.array(z.string()) })).default([]),
});

/** The files of weights that a `model.json` names; none where it is not one, which the trainer tells in words. */
export const weightPaths = (modelJson: Uint8Array): string[] =>
  manifestSchema.safeParse(parseJsonBytes(modelJson)).data?.weightsManifest.flatMap(({ paths }) => paths) ??
  [];

/** A network's name as a run has it: short, and never empty. */
export const modelFileName = (name: string): string => name.trim().slice(0, 60) || 'model';
