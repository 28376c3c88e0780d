/**
 * Our SIMD WebAssembly module (sources in assembly/, built by `npm run build kernels`). It owns no memory: it is
 * instantiated on tfjs's own, so that every kernel reads and writes tensors where they lie. Arguments are byte
 * addresses, sizes and flags. An instance keeps no state between calls.
 */
export const KERNEL_NAMES = [
  'add',
  'addRow',
  'averagePool',
  'averagePoolGradient',
  'batchGradients',
  'batchMoments',
  'blockGradients',
  'blockMoments',
  'clip',
  'convolve',
  'copyRows',
  'depthwise',
  'depthwiseFilterGradient',
  'depthwiseInputGradient',
  'filterGradient',
  'groupNorm',
  'groupNormGradient',
  'groupScaleGradients',
  'groupedConvolve',
  'groupedFilterGradient',
  'maxPool',
  'maxPoolGradient',
  'maximum',
  'minimum',
  'nesterovUpdate',
  'normalise',
  'normaliseGradient',
  'packWeights',
  'padImages',
  'pointwiseGradient',
  'relu',
  'reluGradient',
  'splitChannels',
  'sumMiddle',
  'winogradConvolve',
  'winogradFilter',
  'winogradFilterEnd',
  'winogradGradient',
] as const;
export type KernelName = (typeof KERNEL_NAMES)[number];

export interface SimdKernels {
  /** Whether multiply and add have one rounding (relaxed SIMD). */
  readonly isRelaxed: boolean;
  /**
   * Runs `kernel(...args, from, to)` over the work items [0, items), in one call, or in several at once on disjoint
   * ranges. Ranges write disjoint bytes, and the result is the same to the bit for every split.
   */
  run(kernel: KernelName, items: number, args: readonly number[]): void;
}

/**
 * The two binaries: SIMD as every engine has it since 2023, and relaxed SIMD, whose multiply-add is one instruction.
 */
export type SimdKind = 'simd' | 'relaxed';

/** The smallest modules with one instruction of each kind: (v128) -> v128 by i8x16.popcnt and f32x4.relaxed_madd. */
const HEADER = [0, 97, 115, 109, 1, 0, 0, 0];
const FROM_VECTOR_TO_VECTOR = [1, 6, 1, 96, 1, 123, 1, 123, 3, 2, 1, 0];
const PROBES: Readonly<Record<SimdKind, readonly number[]>> = {
  simd: [...HEADER, ...FROM_VECTOR_TO_VECTOR, 10, 8, 1, 6, 0, 32, 0, 253, 98, 11],
  relaxed: [...HEADER, ...FROM_VECTOR_TO_VECTOR, 10, 13, 1, 11, 0, 32, 0, 32, 0, 32, 0, 253, 133, 2, 11],
};

/** The best binary that this engine can run; null without SIMD. */
export function bestSimd(): SimdKind | null {
  const runs = (kind: SimdKind) => WebAssembly.validate(new Uint8Array(PROBES[kind]));
  if (runs('relaxed')) return 'relaxed';
  return runs('simd') ? 'simd' : null;
}

let current: SimdKernels | null = null;

/** Puts our kernels to work from the next kernel call on; null takes them out again. */
export function setSimdKernels(kernels: SimdKernels | null): void {
  current = kernels;
}

export function simdKernels(): SimdKernels | null {
  return current;
}
