/** Between two looks. */
const LOOK_MS = 10;

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
   * The most that was seen since the watch began, in bytes: objects, and the memory of array buffers. It holds no garbage:
   * how much of that lies about is a matter of how busy the machine is, and an isolate that runs short collects it.
   */
  readonly peakBytes: number;
  readonly looks: number;
  end(): void;
}

/**
 * Looks again and again at the memory that the isolate holds in which the Worker and all its objects run. It asks V8's
 * inspector on this port. workerd as a process says little: it holds the stand-ins for R2 and D1 too.
 */
export async function watchHeap(inspectorPort: number): Promise<HeapWatch> {
  const socket = new WebSocket(`ws://127.0.0.1:${inspectorPort}/core:user:`);
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', reject);
  });
  let [peakBytes, looks, id, held] = [0, 0, 0, 0];
  const ask = (method: string): number => {
    socket.send(JSON.stringify({ id: ++id, method }));
    return id;
  };
  socket.addEventListener('message', ({ data }) => {
    const reply: Reply = JSON.parse(String(data));
    if (reply.error) throw new Error(`the inspector: ${reply.error.message}`);
    const { usedSize, backingStorageSize = 0 } = reply.result ?? {};
    if (usedSize === undefined || reply.id !== held) return;
    looks += 1;
    peakBytes = Math.max(peakBytes, usedSize + backingStorageSize);
    held = 0;
  });
  ask('Runtime.enable');
  const timer = setInterval(() => {
    if (held !== 0) return;
    ask('HeapProfiler.collectGarbage');
    // workerd collects when the next question comes, and replies to that one first.
    ask('Runtime.getHeapUsage');
    held = ask('Runtime.getHeapUsage');
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
