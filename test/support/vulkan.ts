import { existsSync, readdirSync } from 'node:fs';

/** Chromium brings a Vulkan loader and SwiftShader, a driver that computes on the processor. */
const CHROMIUM = '/usr/lib/chromium';
const SWIFTSHADER = `${CHROMIUM}/vk_swiftshader_icd.json`;
const SYSTEM_DRIVERS = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d'];

/** Lazily bound, and kept when Node lets go of a library that is none of its modules. */
const RTLD_LAZY_NODELETE = 0x1001;

/** A driver of this machine, of the environment, or Chromium's. */
const hasSystemDriver = (): boolean =>
  (process.env.VK_ICD_FILENAMES ?? process.env.VK_DRIVER_FILES) !== undefined ||
  SYSTEM_DRIVERS.some(folder => existsSync(folder) && readdirSync(folder).length > 0);

/**
 * Makes a Vulkan driver known to this process, before WebGPU looks for one.
 * @returns why there is none, or null
 */
export function findVulkan(): string | null {
  if (!hasSystemDriver() && !existsSync(SWIFTSHADER))
    return `no Vulkan driver, neither the machine's nor Chromium's at ${SWIFTSHADER}`;
  if (!hasSystemDriver()) process.env.VK_ICD_FILENAMES = SWIFTSHADER;
  keepLibrary(`${CHROMIUM}/libvulkan.so.1`);
  return null;
}

/**
 * WebGPU opens the loader by its bare name, which is not found in Chromium's folder; it is taken where it is already
 * loaded. Node loads it, then refuses it, as it is no module of Node's.
 */
function keepLibrary(path: string): void {
  if (!existsSync(path)) return;
  try {
    process.dlopen({ exports: {} }, path, RTLD_LAZY_NODELETE);
  } catch {
    // Loaded all the same.
  }
}
