/** Between two looks. */
const LOOK_MS = 10;

interface Usage {
  readonly usedSize?: number;
  /** Of array buffers. */
  readonly backingStorageSize?: number;
}

export interface HeapWatch {
  /** The most that was seen since the watch began, in bytes: objects, and the memory of array buffers. */
  readonly peakBytes: number;
  readonly looks: number;
  end(): void;
}

/**
 * Looks again and again at the memory of the isolate in which the Worker and all its objects run, garbage included. It asks
 * V8's inspector on this port. workerd as a process says little: it holds the stand-ins for R2 and D1 too.
 */
export async function watchHeap(inspectorPort: number): Promise<HeapWatch> {
  const socket = new WebSocket(`ws://127.0.0.1:${inspectorPort}/core:user:`);
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', reject);
  });
  let [peakBytes, looks, id] = [0, 0, 0];
  socket.addEventListener('message', ({ data }) => {
    const { usedSize, backingStorageSize = 0 }: Usage = JSON.parse(String(data)).result ?? {};
    if (usedSize === undefined) return;
    looks += 1;
    peakBytes = Math.max(peakBytes, usedSize + backingStorageSize);
  });
  const ask = (method: string): void => socket.send(JSON.stringify({ id: ++id, method }));
  ask('Runtime.enable');
  const timer = setInterval(() => ask('Runtime.getHeapUsage'), LOOK_MS);
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
