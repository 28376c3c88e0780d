import { BackendWasm, setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import createModule, {
  type BackendWasmModule,
} from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.js';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Makes an instance of tfjs's binary. `folder` is where tfjs's own binaries lie, known in Node only; the imports are
 * what the binary asks for.
 */
export type MakeInstance = (folder: string, imports: WebAssembly.Imports) => Promise<WebAssembly.Instance>;

interface StartedModule {
  readonly module: BackendWasmModule;
  readonly memory: WebAssembly.Memory;
}

/**
 * Registers tfjs's WebAssembly backend as 'wasm', started as tfjs starts it (`init` in its backend_wasm.js, 4.22) but
 * for the instance, which the caller makes: tfjs itself offers no way to edit the binary first.
 * @returns the memory that its tensors lie in
 * @throws where `makeInstance` does
 */
export async function registerWasmBackend(makeInstance: MakeInstance): Promise<WebAssembly.Memory> {
  const { module, memory } = await startModule(makeInstance);
  addTfjsCalls(module);
  // XNNPACK's threads, of which this binary has none.
  setThreadsCount(1);
  tf.removeBackend('wasm');
  tf.registerBackend('wasm', () => new BackendWasm(module));
  return memory;
}

function startModule(makeInstance: MakeInstance): Promise<StartedModule> {
  return new Promise((resolve, reject) => {
    let folder = '';
    let memory: WebAssembly.Memory;
    createModule({
      // Asked for before the instance is; what it answers is used by nobody then.
      locateFile: (file, prefix) => {
        folder = prefix;
        return file;
      },
      instantiateWasm: (
        imports: WebAssembly.Imports,
        receive: (instance: WebAssembly.Instance) => void,
      ): object => {
        const receiveMemoryToo = (instance: WebAssembly.Instance): void => {
          memory = instance.exports.memory as WebAssembly.Memory;
          receive(instance);
        };
        makeInstance(folder, imports).then(receiveMemoryToo).catch(reject);
        return {};
      },
    }).then(module => resolve({ module, memory }), reject);
  });
}

type CWrap = (name: string, result: 'number' | null, args: 'number'[]) => (...args: number[]) => number;

/** The calls that tfjs's backend makes besides its kernels, under the names by which it makes them. */
function addTfjsCalls(module: BackendWasmModule): void {
  const { cwrap } = module as BackendWasmModule & { readonly cwrap: CWrap };
  module.tfjs = {
    init: cwrap('init', null, []),
    initWithThreadsCount: cwrap('init_with_threads_count', null, ['number']),
    getThreadsCount: cwrap('get_threads_count', 'number', []),
    registerTensor: cwrap('register_tensor', null, ['number', 'number', 'number']),
    disposeData: cwrap('dispose_data', null, ['number']),
    dispose: cwrap('dispose', null, []),
  };
}
