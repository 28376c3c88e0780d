import { existsSync, readdirSync } from 'node:fs';
import { firstLine } from '../../../shared/protocol/error-text.ts';

/** The part of the global scope that WebGPU in Node is added to. */
type Scope = typeof globalThis & { readonly GPUBufferUsage?: unknown };

/** Where Linux keeps the files that name its Vulkan drivers. */
const DRIVER_FOLDERS = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d', '/usr/local/share/vulkan/icd.d'];

/**
 * Gives Node what browsers have for WebGPU: `navigator.gpu` and its constants, from the package `webgpu` (Dawn). The
 * package is loaded only if there is a driver, because without one it complains on the terminal.
 * @returns why there is no WebGPU here, in words for people, or null if there is
 */
export async function installWebgpu(): Promise<string | null> {
  if ((globalThis as Scope).GPUBufferUsage !== undefined) return null;
  if (!hasDriver())
    return 'no Vulkan driver is installed here: WebGPU needs the driver of the graphics card, and libvulkan1';
  try {
    const { create, globals } = await import('webgpu');
    Object.assign(globalThis, globals);
    Object.defineProperty(globalThis.navigator, 'gpu', { value: create([]), configurable: true });
    return null;
  } catch (error) {
    return `the package "webgpu" does not load here (${firstLine(error)}): run npm install webgpu`;
  }
}

/** Other systems than Linux bring their own drivers: Metal, Direct3D. */
export const hasDriver = (): boolean =>
  process.platform !== 'linux' ||
  (process.env.VK_DRIVER_FILES ?? process.env.VK_ICD_FILENAMES ?? process.env.VK_ADD_DRIVER_FILES) !==
    undefined ||
  DRIVER_FOLDERS.some(folder => existsSync(folder) && readdirSync(folder).length > 0);
