import type { KernelThreadReport, KernelThreadSetup } from './serve-kernels.ts';

/** A helper thread as its pool sees it. */
export interface HelperThread {
  /** Resolves once it serves. @throws Error if it does not start */
  start(setup: KernelThreadSetup): Promise<void>;
  terminate(): void;
}

export type SpawnHelper = () => HelperThread;

/** The pool goes on without threads that take longer to start. */
const START_MS = 5_000;

let spawn: SpawnHelper | null = typeof Worker === 'undefined' ? null : startBrowserHelper;

/** How threads are made without Web Workers: Node registers its own way before the trainer starts. */
export function makeHelpersBy(spawner: SpawnHelper): void {
  spawn = spawner;
}

/** How a helper is made here; null if it cannot be made. */
export const helperSpawner = (): SpawnHelper | null => spawn;

function startBrowserHelper(): HelperThread {
  const worker = new Worker(new URL('./kernel-thread.ts', import.meta.url), { type: 'module' });
  return {
    start: setup =>
      untilServing((settle, fail) => {
        worker.addEventListener('message', (event: MessageEvent<KernelThreadReport>) => settle(event.data));
        worker.addEventListener('error', event => fail(event.message || 'its script could not be loaded'));
        worker.postMessage(setup);
      }),
    terminate: () => worker.terminate(),
  };
}

/** Waits for the thread's one report, but only for a sensible time. */
export function untilServing(
  listen: (settle: (report: KernelThreadReport) => void, fail: (reason: string) => void) => void,
): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const fail = (reason: string): void => reject(new Error(reason));
    const timer = setTimeout(fail, START_MS, `it did not start within ${START_MS / 1_000} s`);
    listen(
      ({ failure }) => {
        clearTimeout(timer);
        if (failure === null) resolve();
        else fail(failure);
      },
      reason => {
        clearTimeout(timer);
        fail(reason);
      },
    );
  });
}
