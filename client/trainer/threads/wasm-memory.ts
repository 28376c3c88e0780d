import { concatBytes } from '../../../shared/math/bytes.ts';

/**
 * Makes the memory of a WebAssembly binary shared. The code inside stays the same: plain loads and stores work on
 * shared memory, and so does `memory.grow`; only the declaration differs. The binary format is that of the
 * WebAssembly core specification, "Binary Format" (webassembly.github.io/spec/core/binary).
 */
const IMPORTS = 2;
const MEMORIES = 5;

const HEADER_BYTES = 8;

/** The kinds of import; the numbers are the format's. */
const FUNCTION = 0;
const TABLE = 1;
const MEMORY = 2;
const GLOBAL = 3;

/** Limits with a maximum, and shared. */
const SHARED_LIMITS = 0x03;

/**
 * The same module with its memory declared shared, whether the memory is its own or imported. A shared memory must
 * say how far it may grow.
 * @param maxPages largest size in pages of 64 KiB, at most 65,536 (4 GiB)
 * @throws if the binary is not WebAssembly, or has no memory
 */
export function shareMemory(binary: Uint8Array, maxPages: number): Uint8Array<ArrayBuffer> {
  const reader = new WasmReader(binary);
  const out = new WasmWriter();
  out.bytes(reader.take(HEADER_BYTES));
  let isShared = false;
  while (!reader.isDone) {
    const id = reader.byte();
    const body = reader.take(reader.unsigned());
    const edited = editSection(id, body, maxPages);
    isShared ||= edited !== null;
    out.byte(id).sized(edited ?? body);
  }
  if (!isShared) throw new Error('the WebAssembly module has no memory to share');
  return out.done();
}

/** The section with its memory shared, or null if it has none. */
function editSection(id: number, body: Uint8Array, maxPages: number): Uint8Array | null {
  if (id === MEMORIES) return editMemories(new WasmReader(body), maxPages);
  if (id === IMPORTS) return editImports(new WasmReader(body), maxPages);
  return null;
}

function editMemories(reader: WasmReader, maxPages: number): Uint8Array | null {
  const count = reader.unsigned();
  const out = new WasmWriter().unsigned(count);
  for (let i = 0; i < count; i++) out.limits(reader.leastPages(), maxPages);
  return count > 0 ? out.done() : null;
}

function editImports(reader: WasmReader, maxPages: number): Uint8Array | null {
  const count = reader.unsigned();
  const out = new WasmWriter().unsigned(count);
  let hasMemory = false;
  for (let i = 0; i < count; i++) {
    out.sized(reader.take(reader.unsigned())).sized(reader.take(reader.unsigned()));
    const kind = reader.byte();
    out.byte(kind);
    if (kind === MEMORY) out.limits(reader.leastPages(), maxPages);
    else out.bytes(reader.importType(kind));
    hasMemory ||= kind === MEMORY;
  }
  return hasMemory ? out.done() : null;
}

/** Reads the format's integers (LEB128) and byte runs, in order. */
class WasmReader {
  private readonly source: Uint8Array;
  private at = 0;

  constructor(source: Uint8Array) {
    this.source = source;
  }

  get isDone(): boolean {
    return this.at >= this.source.length;
  }

  byte(): number {
    const value = this.source[this.at];
    if (value === undefined) throw new Error('the WebAssembly module is cut short');
    this.at += 1;
    return value;
  }

  take(count: number): Uint8Array {
    if (this.at + count > this.source.length) throw new Error('the WebAssembly module is cut short');
    this.at += count;
    return this.source.subarray(this.at - count, this.at);
  }

  unsigned(): number {
    let value = 0;
    for (let place = 1; ; place *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * place;
      if (byte < 0x80) return value;
    }
  }

  /** Reads limits; only the least size in pages is kept. */
  leastPages(): number {
    const hasMaximum = (this.byte() & 1) !== 0;
    const least = this.unsigned();
    if (hasMaximum) this.unsigned();
    return least;
  }

  /** The bytes that give the type of an import that is not a memory. */
  importType(kind: number): Uint8Array {
    const start = this.at;
    if (kind === FUNCTION) this.unsigned();
    else if (kind === GLOBAL) this.take(2);
    else if (kind === TABLE) {
      this.byte();
      this.leastPages();
    } else throw new Error(`the WebAssembly module imports something unknown (kind ${kind})`);
    return this.source.subarray(start, this.at);
  }
}

class WasmWriter {
  private readonly chunks: Uint8Array[] = [];

  byte(value: number): this {
    return this.bytes(Uint8Array.of(value));
  }

  bytes(values: Uint8Array): this {
    this.chunks.push(values);
    return this;
  }

  unsigned(value: number): this {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 128)) this.byte((rest % 128) | 0x80);
    return this.byte(rest);
  }

  /** A run of bytes after its length. */
  sized(values: Uint8Array): this {
    return this.unsigned(values.length).bytes(values);
  }

  /** Shared limits. */
  limits(leastPages: number, maxPages: number): this {
    return this.byte(SHARED_LIMITS).unsigned(leastPages).unsigned(Math.max(leastPages, maxPages));
  }

  done(): Uint8Array<ArrayBuffer> {
    return concatBytes(this.chunks);
  }
}
