import { AsyncLocalStorage } from 'node:async_hooks';
import { ChildProcess, spawn } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';

/** Hears of each process that is started within its scope. */
const scope = new AsyncLocalStorage<(child: ChildProcess) => void>();

/** Waits for the end of its input, which no signal can keep from coming: the system closes a pipe with its holder. */
const WATCH = 'read -r _; kill -KILL "$1"';

let isListening = false;

/**
 * Starts something, and has every process that it starts from now on end with this one, however this one ends. Miniflare
 * ends its workerd at an orderly exit. After a SIGKILL workerd would serve the port, and write the folder, for ever.
 *
 * A shell beside each process holds the other end of a pipe to us. When the pipe closes, it kills the process. It costs
 * about 1 MB and no time. Windows needs none: Node's children are in a job there that ends with Node.
 * @param onStarted called with the id of each such process
 */
export function endingWithUs<T>(start: () => T, onStarted: (pid: number) => void = () => {}): T {
  if (!isListening) subscribe('child_process', message => hear(message));
  isListening = true;
  return scope.run(child => watch(child, onStarted), start);
}

/** Node publishes a child before it has an id. */
function hear(message: unknown): void {
  const isOfChild = typeof message === 'object' && message !== null && 'process' in message;
  if (isOfChild && message.process instanceof ChildProcess) scope.getStore()?.(message.process);
}

function watch(child: ChildProcess, onStarted: (pid: number) => void): void {
  child.once('spawn', () => {
    if (child.pid === undefined) return;
    onStarted(child.pid);
    if (process.platform !== 'win32') watchWithShell(child, child.pid);
  });
}

function watchWithShell(child: ChildProcess, pid: number): void {
  // Detached, in a group of its own: Ctrl-C in a terminal must not end the watch before the watched.
  // The scope is left, or the watch would be watched.
  const shell = scope.exit(() =>
    spawn('/bin/sh', ['-c', WATCH, 'sh', String(pid)], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    }),
  );
  shell.on('error', () => {});
  shell.stdin.on('error', () => {});
  shell.unref();
  child.once('exit', () => shell.kill('SIGKILL'));
}
