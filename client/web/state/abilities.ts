import { isStored } from './local-store.ts';

/** What a page may need of its browser, and may lack. */
export type Ability = 'secure' | 'simd' | 'webgpu' | 'storage' | 'sockets' | 'threads';

/** A function with one SIMD instruction: (module (func (result v128) i32.const 0 i8x16.splat i8x16.popcnt)). */
const simdModule = new Uint8Array([
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0],
  ...[10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11],
]);

/** Nothing is loaded for it, and nothing is asked of the user. */
const checks: Readonly<Record<Ability, () => boolean>> = {
  secure: () => isSecureContext,
  simd: () => typeof WebAssembly === 'object' && WebAssembly.validate(simdModule),
  webgpu: () => 'gpu' in navigator,
  // In some browsers even naming it throws if storage is forbidden.
  storage: () => typeof indexedDB === 'object' && indexedDB !== null && keepsText(),
  sockets: () => typeof WebSocket === 'function',
  // A frame without an origin may not load the script of one.
  threads: () => typeof Worker === 'function' && origin !== 'null',
};

const PROBE = 'homeroom:probe';

/** It may be forbidden, or full. @throws then */
function keepsText(): boolean {
  localStorage.setItem(PROBE, '1');
  const isKept = isStored(localStorage, PROBE);
  localStorage.removeItem(PROBE);
  return isKept;
}

/** Whether this browser has it. */
export const hasAbility = (ability: Ability): boolean => {
  try {
    return checks[ability]();
  } catch {
    return false;
  }
};

/**
 * Those of `needed` that this browser lacks, in their order. A page that is not secure has no WebGPU either, so that is not
 * told beside it.
 */
export function lackingOf(needed: readonly Ability[]): Ability[] {
  const lacking = needed.filter(ability => !hasAbility(ability));
  return lacking.filter(ability => ability !== 'webgpu' || !lacking.includes('secure'));
}
