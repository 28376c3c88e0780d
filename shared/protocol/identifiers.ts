import * as z from 'zod';
import { ID_PATTERN } from './id-pattern.ts';

/** SHA-256 of a blob in lower-case hexadecimal: its name in storage and in every message. */
export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits');

/** Runs, volunteers and leases: random, unguessable where it matters, safe in a path. */
export const idSchema = z
  .string()
  .regex(ID_PATTERN, 'expected an id of 6 to 32 lower-case letters and digits');

/** Segments and heads, as `segment-1`, `head-1`. */
export const segmentIdSchema = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/);

/** More than any model has (`model-outline`). */
const MAX_SEGMENTS = 64;

/** In a network of more than two segments, those between the student and the teacher: each is both. */
const middleRoles = Array.from({ length: MAX_SEGMENTS - 2 }, (_, i) => `segment-${i + 2}` as const);

/** Under a plan that fits tasks to devices: the first so many segments, more than the student and not all. */
const depthRoles = Array.from({ length: MAX_SEGMENTS - 2 }, (_, i) => `depth-${i + 2}` as const);

/** More widths, or shares of channels, than any plan asks for. */
export const MAX_SLICES = 8;

/** Under a plan of sub-networks: the whole depth, with a slice of the channels. */
const sliceRoles = Array.from({ length: MAX_SLICES }, (_, i) => `slice-${i + 1}` as const);

export const roles = [
  ...(['student', 'teacher', 'whole', 'evaluator'] as const),
  ...middleRoles,
  ...depthRoles,
  ...sliceRoles,
] as const;

/**
 * What a volunteer does in a round under the plan: train the first segments, the last, one between, the first so many,
 * a slice of all, all, or judge.
 */
export type Role = (typeof roles)[number];
export const roleSchema = z.enum(roles);

export const countSchema = z.number().int().nonnegative();
