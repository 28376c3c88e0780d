// Registers the gradients of the core ops, which tfjs-core alone leaves out.
import '@tensorflow/tfjs-layers';
import type { CaseGroup } from './kernel-case.ts';
import { CONVOLUTION_GROUPS } from './kernel-cases/convolution.ts';
import { FAMILY_GROUPS } from './kernel-cases/family.ts';
import { MATRIX_GROUPS } from './kernel-cases/matrix.ts';
import { MODEL_GROUPS } from './kernel-cases/model.ts';
import { POOLING_GROUPS } from './kernel-cases/pooling.ts';

/** One conformance suite for every backend: what the four model families need, forward and backward. */
export const KERNEL_CASES: readonly CaseGroup[] = [
  ...CONVOLUTION_GROUPS,
  ...POOLING_GROUPS,
  ...MATRIX_GROUPS,
  ...FAMILY_GROUPS,
  ...MODEL_GROUPS,
];
