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

export const casesOf = (backend: string): CaseGroup[] =>
  KERNEL_CASES.filter(({ notOn }) => !notOn?.includes(backend));

/**
 * For backends on which a case costs a compilation: of the large groups every fourth case, which, as the innermost list
 * of most has three entries, goes round through all of them.
 */
export const fewerCasesOf = (backend: string): CaseGroup[] =>
  casesOf(backend).map(group =>
    group.cases.length > 20 ? { ...group, cases: group.cases.filter((_, i) => i % 4 === 0) } : group,
  );
