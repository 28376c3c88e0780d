import { BackendWasm, setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import createModule, {
  type BackendWasmModule,
} from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.js';
import * as tf from '@tensorflow/tfjs-core';
import { OutOfMemoryError } from './backend-errors.ts';

/**
 * Makes an instance of tfjs's binary. `folder` is where tfjs's own binaries lie, known in Node only; the imports are
 * what the binary asks for.
 */
export type MakeInstance = (folder: string, imports: WebAssembly.Imports) => Promise<WebAssembly.Instance>;

/** Bytes that WebAssembly can address. */
const ADDRESSES = 2 ** 32;

/** As much of what tfjs's binary exports as is used here. */
interface TfjsExports {
  readonly memory: WebAssembly.Memory;
  /** The address of so many bytes, or 0. */
  malloc(bytes: number): number;
}

/** As much of emscripten's module as is used here and not declared by tfjs. */
interface Emscripten extends BackendWasmModule {
  cwrap(name: string, result: 'number' | null, args: 'number'[]): (...args: number[]) => number;
  _malloc(bytes: number): number;
}

interface StartedModule {
  readonly module: Emscripten;
  readonly exports: TfjsExports;
}

/**
 * Registers tfjs's WebAssembly backend as 'wasm', started as tfjs starts it (`init` in its backend_wasm.js, 4.22) but
 * for the instance, which the caller makes: tfjs itself offers no way to edit the binary first.
 * @returns the memory that its tensors lie in
 * @throws where `makeInstance` does
 */
export async function registerWasmBackend(makeInstance: MakeInstance): Promise<WebAssembly.Memory> {
  const { module, exports } = await startModule(makeInstance);
  addTfjsCalls(module);
  module._malloc = bytes => allocate(exports, bytes);
  // XNNPACK's threads, of which this binary has none.
  setThreadsCount(1);
  tf.removeBackend('wasm');
  tf.registerBackend('wasm', () => new BackendWasm(module));
  return exports.memory;
}

function startModule(makeInstance: MakeInstance): Promise<StartedModule> {
  return new Promise((resolve, reject) => {
    let folder = '';
    let exports: TfjsExports;
    const settings = {
      // Asked for before the instance is; what it answers is used by nobody then.
      locateFile: (file: string, prefix: string) => {
        folder = prefix;
        return file;
      },
      instantiateWasm: (
        imports: WebAssembly.Imports,
        receive: (instance: WebAssembly.Instance) => void,
      ): object => {
        const keepExports = (instance: WebAssembly.Instance): void => {
          exports = instance.exports as unknown as TfjsExports;
          receive(instance);
        };
        makeInstance(folder, imports).then(keepExports).catch(reject);
        return {};
      },
    };
    withoutListeners(() => createModule(settings)).then(
      module => resolve({ module: module as Emscripten, exports }),
      reject,
    );
  });
}

/** As much of Node as is used here; the trainer imports none of it. */
interface NodeProcess {
  listeners(event: string): readonly (() => void)[];
  removeListener(event: string, listener: () => void): void;
}

/**
 * Makes the module without what it listens to in Node: it throws again whatever nobody caught, whose message then begins
 * with the line that throws, the whole of a minified file; and each module adds its own listeners.
 */
function withoutListeners<T>(make: () => T): T {
  const { process } = globalThis as { readonly process?: Partial<NodeProcess> };
  const events = ['uncaughtException', 'unhandledRejection'];
  const before = events.map(event => process?.listeners?.(event) ?? []);
  const made = make();
  for (const [i, event] of events.entries())
    for (const listener of process?.listeners?.(event) ?? [])
      if (!before[i]?.includes(listener)) process?.removeListener?.(event, listener);
  return made;
}

/** The calls that tfjs's backend makes besides its kernels, under the names by which it makes them. */
function addTfjsCalls(module: Emscripten): void {
  const { cwrap } = module;
  module.tfjs = {
    init: cwrap('init', null, []),
    initWithThreadsCount: cwrap('init_with_threads_count', null, ['number']),
    getThreadsCount: cwrap('get_threads_count', 'number', []),
    registerTensor: cwrap('register_tensor', null, ['number', 'number', 'number']),
    disposeData: cwrap('dispose_data', null, ['number']),
    dispose: cwrap('dispose', null, []),
  };
}

/** tfjs takes the null that stands for "no memory left" for an address, and writes over what lies there. */
function allocate({ malloc }: TfjsExports, bytes: number): number {
  // A size beyond the addresses would be taken for its remainder.
  const address = bytes < ADDRESSES ? malloc(bytes) : 0;
  if (address === 0) throw new OutOfMemoryError(`no room for a tensor of ${bytes} bytes`);
  return address;
}
