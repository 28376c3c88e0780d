import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { shareMemory } from '../../../client/trainer/threads/wasm-memory.ts';
import { tinyKernels } from '../../support/tiny-kernels.ts';

/** tfjs's own binary: it exports the memory that it defines, and imports functions. */
const stockBinary = (): Promise<Uint8Array<ArrayBuffer>> =>
  readFile(
    createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm'),
  );

describe('shareMemory', () => {
  it('lets a module take a shared memory if it took an unshared one before', () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 16, shared: true });
    const instantiate = (binary: Uint8Array<ArrayBuffer>) =>
      new WebAssembly.Instance(new WebAssembly.Module(binary), { env: { memory } });
    expect(() => instantiate(tinyKernels)).toThrow(WebAssembly.LinkError);
    const { add } = instantiate(shareMemory(tinyKernels, 16)).exports;
    if (typeof add === 'function') add(8, 5, 0, 3);
    expect([...new Int32Array(memory.buffer, 0, 6)]).toEqual([0, 0, 5, 5, 5, 0]);
  });

  it('makes tfjs’s own memory shared, and leaves the rest of the module as it was', async () => {
    const stock = await stockBinary();
    const shared = shareMemory(stock, 65_536);
    const module = await WebAssembly.compile(shared);
    expect(WebAssembly.Module.exports(module)).toEqual(
      WebAssembly.Module.exports(await WebAssembly.compile(stock)),
    );
    const imports: Record<string, Record<string, () => number>> = {};
    for (const { module: from, name } of WebAssembly.Module.imports(module))
      imports[from] = { ...imports[from], [name]: () => 0 };
    const { memory } = (await WebAssembly.instantiate(module, imports)).exports;
    if (!(memory instanceof WebAssembly.Memory)) throw new Error('no memory');
    expect(memory.buffer).toBeInstanceOf(SharedArrayBuffer);
    const before = memory.buffer.byteLength;
    memory.grow(10);
    expect(memory.buffer.byteLength).toBe(before + 10 * 65_536);
  });

  it('limits growth to the pages that it is given', async () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 300, shared: true });
    const instantiate = (maxPages: number) =>
      new WebAssembly.Instance(new WebAssembly.Module(shareMemory(tinyKernels, maxPages)), {
        env: { memory },
      });
    expect(() => instantiate(300)).not.toThrow();
    expect(() => instantiate(299)).toThrow(WebAssembly.LinkError);
  });

  it('refuses a module without a memory, and one cut short', () => {
    const empty = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
    expect(() => shareMemory(empty, 16)).toThrow('no memory');
    expect(() => shareMemory(tinyKernels.subarray(0, 40), 16)).toThrow('cut short');
  });
});
