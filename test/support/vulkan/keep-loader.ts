/** Lazily bound, and kept when Node lets go of a library that is none of its modules. */
const RTLD_LAZY_NODELETE = 0x1001;

/** Where Vulkan's loader may be: the machine's own by its bare name, then the one that Chromium brings. */
const LOADERS = ['libvulkan.so.1', '/usr/lib/chromium/libvulkan.so.1'];

/**
 * WebGPU opens the loader by its bare name, which does not find the one in Chromium's folder, unless it is already loaded.
 * Node loads a library before it refuses it for being no module of Node's.
 */
export function keepLoader(): void {
  for (const path of LOADERS)
    try {
      process.dlopen({ exports: {} }, path, RTLD_LAZY_NODELETE);
    } catch {
      // Thrown in any case, loaded or not. If there is none, WebGPU says so.
    }
}
