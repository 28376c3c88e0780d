import { BackendWasm, setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import createModule, {
  type BackendWasmModule,
} from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.js';
import * as tf from '@tensorflow/tfjs-core';
import { OutOfMemoryError } from './backend-errors.ts';

/**
 * Makes an instance of tfjs's binary. `folder` is where tfjs's own binaries lie, known in Node only; `imports` are
 * what the binary needs.
 */
export type MakeInstance = (folder: string, imports: WebAssembly.Imports) => Promise<WebAssembly.Instance>;

/** Bytes that WebAssembly can address. */
const ADDRESSES = 2 ** 32;

/** What is used here of the exports of tfjs's binary. */
interface TfjsExports {
  readonly memory: WebAssembly.Memory;
  /** The address of so many bytes, or 0. */
  malloc(bytes: number): number;
}

/** What is used here of emscripten's module and not declared by tfjs. */
interface Emscripten extends BackendWasmModule {
  cwrap(name: string, result: 'number' | null, args: 'number'[]): (...args: number[]) => number;
  _malloc(bytes: number): number;
}

interface StartedModule {
  readonly module: Emscripten;
  readonly exports: TfjsExports;
}

/**
 * Registers tfjs's WebAssembly backend as 'wasm'. It starts as tfjs starts it (`init` in its backend_wasm.js, 4.22),
 * but the caller makes the instance: tfjs offers no way to edit the binary first.
 * @returns the memory in which its tensors lie
 * @throws if `makeInstance` does
 */
export async function registerWasmBackend(makeInstance: MakeInstance): Promise<WebAssembly.Memory> {
  const { module, exports } = await startModule(makeInstance);
  addTfjsCalls(module);
  module._malloc = bytes => allocate(exports, bytes);
  // XNNPACK's threads, which this binary has not.
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
      // Called before the instance is made; nobody uses the path that it returns.
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

/** What is used here of Node; the trainer imports nothing of it. */
interface NodeProcess {
  listeners(event: string): readonly (() => void)[];
  removeListener(event: string, listener: () => void): void;
}

/**
 * Makes the module without its listeners in Node. They throw again whatever nobody caught, and the message then
 * begins with the line that throws, all of a minified file. And each module adds its own listeners.
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

/** The calls that tfjs's backend makes besides its kernels, under the names that it uses. */
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

/** For tfjs the null that means "no memory left" is an address, and it writes over what lies there. */
function allocate({ malloc }: TfjsExports, bytes: number): number {
  // A size beyond the addresses would be cut to its remainder.
  const address = bytes < ADDRESSES ? malloc(bytes) : 0;
  if (address === 0) throw new OutOfMemoryError(`no room for a tensor of ${bytes} bytes`);
  return address;
}
