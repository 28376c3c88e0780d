/**
 * Our SIMD WebAssembly module (sources in assembly/, built by `npm run build:kernels`). It owns no memory: it is
 * instantiated on tfjs's own, so that every kernel reads and writes tensors where they lie. Arguments are byte
 * addresses, sizes and flags. An instance keeps no state between calls.
 */
export const KERNEL_NAMES = [
  'averagePoolGradient',
  'batchGradients',
  'batchMoments',
  'blockGradients',
  'blockMoments',
  'convolve',
  'copyRows',
  'filterGradient',
  'groupNorm',
  'groupNormGradient',
  'groupScaleGradients',
  'maxPoolGradient',
  'nesterovUpdate',
  'normalise',
  'normaliseGradient',
  'packWeights',
  'padImages',
  'reluGradient',
  'sumMiddle',
] as const;
export type KernelName = (typeof KERNEL_NAMES)[number];

type KernelExport = (...args: number[]) => void;
export type SimdExports = Readonly<Record<KernelName, KernelExport>>;

export interface SimdKernels {
  /** Whether multiply and add are one rounding (relaxed SIMD). */
  readonly isRelaxed: boolean;
  /**
   * Runs `kernel(...args, from, to)` over the work items [0, items), in one call or in several at once on disjoint
   * ranges: ranges write disjoint bytes, and the result is the same to the bit however they are split.
   */
  run(kernel: KernelName, items: number, args: readonly number[]): void;
}

/** Where the two binaries are: URLs (the web), or their bytes (Node). */
export interface SimdPaths {
  readonly simd: string | Uint8Array<ArrayBuffer>;
  readonly relaxed: string | Uint8Array<ArrayBuffer>;
}

export interface LoadedSimd {
  readonly module: WebAssembly.Module;
  readonly isRelaxed: boolean;
}

/** The smallest modules with one instruction of each kind: (v128) -> v128, i8x16.popcnt and f32x4.relaxed_madd. */
const HEADER = [0, 97, 115, 109, 1, 0, 0, 0];
const PROBES = {
  simd: [...HEADER, 1, 6, 1, 96, 1, 123, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 32, 0, 253, 98, 11],
  relaxed: [
    ...HEADER,
    ...[1, 6, 1, 96, 1, 123, 1, 123, 3, 2, 1, 0, 10, 13, 1, 11, 0, 32, 0, 32, 0, 32, 0, 253, 133, 2, 11],
  ],
} as const;

/** The best binary this engine can run; null without SIMD. */
export function bestSimd(): keyof SimdPaths | null {
  const runs = (kind: keyof SimdPaths) => WebAssembly.validate(new Uint8Array(PROBES[kind]));
  if (runs('relaxed')) return 'relaxed';
  return runs('simd') ? 'simd' : null;
}

/**
 * Fetches and compiles the binary. Nothing is instantiated yet: the module can be sent to other threads.
 * @returns null where the engine has no SIMD
 * @throws Error where the binary cannot be had: not built, or the network is gone
 */
export async function loadSimd(paths: SimdPaths, kind = bestSimd()): Promise<LoadedSimd | null> {
  if (!kind) return null;
  const source = paths[kind];
  const bytes = typeof source === 'string' ? await fetchBytes(source) : source;
  return { module: await WebAssembly.compile(bytes), isRelaxed: kind === 'relaxed' };
}

async function fetchBytes(url: string): Promise<ArrayBuffer> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`SIMD kernels: ${url} answered ${response.status}`);
  return response.arrayBuffer();
}

/**
 * An instance on the given memory; a shared memory needs a module whose import is declared shared.
 * @throws LinkError where memory and import differ, or where a kernel is missing: an old build
 */
export function instantiateSimd(module: WebAssembly.Module, memory: WebAssembly.Memory): SimdExports {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const missing = KERNEL_NAMES.find(name => typeof exports[name] !== 'function');
  if (missing) throw new WebAssembly.LinkError(`no kernel '${missing}': run npm run build:kernels`);
  return exports as unknown as SimdExports;
}

/** All work items in one call on this thread. */
export function onThisThread(exports: SimdExports, isRelaxed: boolean): SimdKernels {
  return {
    isRelaxed,
    run: (kernel, items, args) => {
      if (items > 0) exports[kernel](...args, 0, items);
    },
  };
}

let current: SimdKernels | null = null;

/** Puts our kernels to work from the next kernel call on, or, with null, takes them out of it. */
export function setSimdKernels(kernels: SimdKernels | null): void {
  current = kernels;
}

export function simdKernels(): SimdKernels | null {
  return current;
}
