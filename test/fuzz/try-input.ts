import { GCProfiler, getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Decoder } from './decoder.ts';

/** What is wrong with how a decoder took an input, in one line; null if nothing is. */
export async function tryInput(decoder: Decoder, input: Uint8Array): Promise<string | null> {
  const { eachByte, always } = decoder.most;
  const bound = always + eachByte * input.length;
  const before = JSON.stringify(Object.getOwnPropertyNames(Object.prototype));
  // A copy of its own, as from a socket or a file: nothing may lie behind it in the same buffer.
  const { problem, peakBytes } = await measured(() => decoder.decode(Uint8Array.from(input)), decoder);
  if (JSON.stringify(Object.getOwnPropertyNames(Object.prototype)) !== before)
    return 'it changed Object.prototype';
  if (problem !== null) return problem;
  return peakBytes > bound
    ? `it took ${peakBytes} bytes for ${input.length}, at most ${bound} are allowed`
    : null;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as (options?: { readonly type: 'minor' }) => void;

/** Garbage that is there before hides as much of what is allocated. */
const MOST_GARBAGE = 4_000_000;
let leastUsed = 0;

/** Objects and the memory of array buffers. */
function usedBytes(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}

const hasGarbage = (): boolean => usedBytes() > leastUsed + MOST_GARBAGE;

interface Tried {
  readonly problem: string | null;
  /** The most memory in use at a time beyond what was in use before, garbage included. */
  readonly peakBytes: number;
}

/** In use is most right before garbage is collected, or at the end. */
async function measured(act: () => unknown, decoder: Decoder): Promise<Tried> {
  if (hasGarbage()) {
    // Most of it is young. To look through the whole heap takes ten times as long as to decode an input.
    collectGarbage({ type: 'minor' });
    if (hasGarbage()) {
      collectGarbage();
      leastUsed = usedBytes();
    }
  }
  const profiler = new GCProfiler();
  profiler.start();
  const before = usedBytes();
  const problem = await problemOf(act, decoder);
  const after = usedBytes();
  const peaks = profiler
    .stop()
    .statistics.map(
      ({ beforeGC: { heapStatistics } }) => heapStatistics.usedHeapSize + heapStatistics.externalMemory,
    );
  return { problem, peakBytes: Math.max(after, ...peaks) - before };
}

async function problemOf(act: () => unknown, { refusals = [] }: Decoder): Promise<string | null> {
  try {
    await act();
    return null;
  } catch (error) {
    if (!(error instanceof Error)) return `it threw ${String(error)}, which is no error`;
    // What the engine throws is never a refusal, whatever class a decoder refuses by.
    const isBug = ['RangeError', 'TypeError', 'ReferenceError', 'SyntaxError'].includes(error.name);
    return !isBug && refusals.includes(error.name) ? null : `it threw ${error.name}: ${error.message}`;
  }
}
