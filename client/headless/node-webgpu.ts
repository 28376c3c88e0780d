/** As much of the global scope as WebGPU in Node is hung on. */
type Scope = typeof globalThis & { readonly GPUBufferUsage?: unknown };

/**
 * Gives Node what browsers have for WebGPU: `navigator.gpu` and its constants, from the package `webgpu` (Dawn). Loaded
 * only when it is wanted, as it looks for a graphics driver.
 * @returns why there is none here, in words for people, or null where there is
 */
export async function installWebgpu(): Promise<string | null> {
  if ((globalThis as Scope).GPUBufferUsage !== undefined) return null;
  try {
    const { create, globals } = await import('webgpu');
    Object.assign(globalThis, globals);
    Object.defineProperty(globalThis.navigator, 'gpu', { value: create([]), configurable: true });
    return null;
  } catch (error) {
    return `the package "webgpu" does not load here (${reasonOf(error)}): npm install webgpu`;
  }
}

const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
