/** Between two looks. */
const LOOK_MS = 10;

/** What is in use is seen by so many looks in a row. What only one or two see was dropped after the collection. */
const LOOKS_IN_USE = 3;

interface Usage {
  readonly usedSize?: number;
  /** Of array buffers. */
  readonly backingStorageSize?: number;
}

interface Reply {
  readonly id?: number;
  readonly result?: Usage;
  readonly error?: { readonly message: string };
}

export interface HeapWatch {
  /**
   * The most that was seen since the watch began, in bytes: objects, and the memory of array buffers. If garbage is
   * collected, it is the most that was in use at several looks in a row.
   */
  readonly peakBytes: number;
  readonly looks: number;
  end(): void;
}

/**
 * Looks again and again at the memory of the isolate in which the Worker and all its objects run. It asks V8's inspector
 * on this port. workerd as a process says little: it holds the stand-ins for R2 and D1 too.
 * @param collects whether garbage is collected before each look. How much of that lies about is a matter of how busy the
 * machine is, and an isolate that runs short collects it. But there are far fewer looks
 */
export async function watchHeap(inspectorPort: number, collects = false): Promise<HeapWatch> {
  const socket = new WebSocket(`ws://127.0.0.1:${inspectorPort}/core:user:`);
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', reject);
  });
  let [peakBytes, looks, id] = [0, 0, 0];
  const seen = Array<number>(collects ? LOOKS_IN_USE : 1).fill(0);
  const waiting = new Set<number>();
  const ask = (method: string): number => {
    socket.send(JSON.stringify({ id: ++id, method }));
    return id;
  };
  socket.addEventListener('message', ({ data }) => {
    const reply: Reply = JSON.parse(String(data));
    if (reply.error) throw new Error(`the inspector: ${reply.error.message}`);
    const { usedSize, backingStorageSize = 0 } = reply.result ?? {};
    if (usedSize === undefined || !waiting.delete(reply.id ?? 0)) return;
    looks += 1;
    seen.shift();
    seen.push(usedSize + backingStorageSize);
    peakBytes = Math.max(peakBytes, Math.min(...seen));
  });
  ask('Runtime.enable');
  const timer = setInterval(() => {
    if (collects && waiting.size > 0) return;
    if (collects) ask('HeapProfiler.collectGarbage');
    // workerd collects when the next question comes, and replies to that one first.
    if (collects) ask('Runtime.getHeapUsage');
    waiting.add(ask('Runtime.getHeapUsage'));
  }, LOOK_MS);
  return {
    get peakBytes() {
      return peakBytes;
    },
    get looks() {
      return looks;
    },
    end: () => {
      clearInterval(timer);
      socket.close();
    },
  };
}
