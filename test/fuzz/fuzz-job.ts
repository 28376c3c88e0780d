/** What a thread is to try. */
export interface FuzzJob {
  /** Of decoders. */
  readonly names: readonly string[];
  readonly seed: number;
  readonly runs: number;
  readonly slot: SharedArrayBuffer;
}

export interface Failure {
  /** In one line. */
  readonly problem: string;
  readonly input: Uint8Array;
}

export interface Reported {
  readonly decoder: string;
  readonly runs: number;
  readonly failure: Failure | null;
}

/** The longest input that is kept. Generators make none that is longer. */
const MOST_BYTES = 4_000_000;
const HEAD_WORDS = 2;

/** The input that a thread has in hand, where its parent can read it although the thread hangs. */
export class InputSlot {
  /** How many inputs there were, and the length of the last one; 0 if it is done. */
  private readonly words: Int32Array;
  private readonly bytes: Uint8Array;

  constructor(slot = new SharedArrayBuffer(4 * HEAD_WORDS + MOST_BYTES)) {
    this.words = new Int32Array(slot, 0, HEAD_WORDS);
    this.bytes = new Uint8Array(slot, 4 * HEAD_WORDS);
  }

  get buffer(): SharedArrayBuffer {
    return this.bytes.buffer as SharedArrayBuffer;
  }

  put(input: Uint8Array): void {
    const kept = input.subarray(0, MOST_BYTES);
    this.bytes.set(kept);
    Atomics.store(this.words, 1, kept.length);
    Atomics.add(this.words, 0, 1);
  }

  clear(): void {
    Atomics.add(this.words, 0, 1);
  }

  /** Changes with every input. */
  get count(): number {
    return Atomics.load(this.words, 0);
  }

  read(): Uint8Array {
    return this.bytes.slice(0, Atomics.load(this.words, 1));
  }
}
