import { whenOrphaned } from './when-orphaned.ts';

/** The exit status that a shell reports for a process that Ctrl-C ended. */
export const INTERRUPTED = 130;

/** A signal that Ctrl-C aborts, and the end of the npm that has started this. A second Ctrl-C ends the process and waits for nothing. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    controller.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, interrupt);
  whenOrphaned(() => controller.abort());
  return controller.signal;
}

/** Resolves when the signal is aborted, at once if it is already. */
export const whenAborted = (signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
