/**
 * A module with two kernels on an imported memory, as `asc --importMemory --runtime stub` makes it:
 *
 *     export function add(base: i32, value: i32, from: i32, to: i32): void {
 *       for (let i = from; i < to; i++) store<i32>(base + (i << 2), load<i32>(base + (i << 2)) + value);
 *     }
 *     export function trapBeyond(last: i32, from: i32, to: i32): void { if (to > last) unreachable(); }
 */
export const tinyKernels: Uint8Array<ArrayBuffer> = Uint8Array.from(
  Buffer.from(
    'AGFzbQEAAAABDgJgA39/fwBgBH9/f38AAg8BA2VudgZtZW1vcnkCAAEDAwIAAQcdAwNhZGQAAQp0cmFwQmV5b25kAAAGbWVtb3J5' +
      'AgAKOwILACAAIAJIBEAACwstAQF/A0AgAiADSARAIAAgAkECdGoiBCAEKAIAIAFqNgIAIAJBAWohAgwBCwsL',
    'base64',
  ),
);
