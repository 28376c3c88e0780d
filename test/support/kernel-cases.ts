// Registers the gradients of the core ops, which tfjs-core alone leaves out.
import '@tensorflow/tfjs-layers';
import type { CaseGroup } from './kernel-case.ts';
import { CONVOLUTION_GROUPS } from './kernel-cases/convolution.ts';
import { DRAWN_AXIS_GROUPS } from './kernel-cases/drawn-axes.ts';
import { DRAWN_CONVOLUTION_GROUPS } from './kernel-cases/drawn-convolutions.ts';
import { DRAWN_ELEMENT_GROUPS } from './kernel-cases/drawn-elements.ts';
import { DRAWN_FUSED_GROUPS } from './kernel-cases/drawn-fused.ts';
import { DRAWN_POOLING_GROUPS } from './kernel-cases/drawn-pooling.ts';
import { FAMILY_GROUPS } from './kernel-cases/family.ts';
import { MATRIX_GROUPS } from './kernel-cases/matrix.ts';
import { MODEL_GROUPS } from './kernel-cases/model.ts';
import { NOT_FINITE_GROUPS } from './kernel-cases/not-finite.ts';
import { POOLING_GROUPS } from './kernel-cases/pooling.ts';

/**
 * One conformance suite for every backend: what the four model families need, and every kernel that training can reach
 * on drawn shapes, forward and backward.
 */
export const KERNEL_CASES: readonly CaseGroup[] = [
  ...CONVOLUTION_GROUPS,
  ...POOLING_GROUPS,
  ...MATRIX_GROUPS,
  ...FAMILY_GROUPS,
  ...MODEL_GROUPS,
  ...DRAWN_CONVOLUTION_GROUPS,
  ...DRAWN_POOLING_GROUPS,
  ...DRAWN_ELEMENT_GROUPS,
  ...DRAWN_AXIS_GROUPS,
  ...DRAWN_FUSED_GROUPS,
  ...NOT_FINITE_GROUPS,
];

export const casesOf = (backend: string): CaseGroup[] =>
  KERNEL_CASES.filter(({ notOn }) => !notOn?.includes(backend));

/**
 * Every group, and of those with many cases one case in so many. That goes round through all entries of the innermost
 * list as long as it is no multiple of three, that list's length in most.
 */
export const fewerCasesOf = (backend: string, oneIn: number): CaseGroup[] =>
  casesOf(backend).map(group =>
    group.cases.length > 20 ? { ...group, cases: group.cases.filter((_, i) => i % oneIn === 0) } : group,
  );

/** Compilation and work of this one take a processor in a card's place as long as a third of all the others. */
const LARGE = 'convolution over several tiles';

/** The same without the large group, for WebGPU, on which each case costs a compilation. */
export const fewestCasesOf = (backend: string, oneIn: number): CaseGroup[] =>
  fewerCasesOf(backend, oneIn).filter(({ name }) => name !== LARGE);
