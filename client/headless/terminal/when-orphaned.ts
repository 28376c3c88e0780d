/** Nobody waits longer for a port that the command before still holds. */
const LOOK_EVERY_MS = 500;

/**
 * npm runs a command in a shell. A SIGTERM to npm ends that shell, which passes nothing on: the command would go on and hold
 * its port. So a command that npm has started looks whether its parent is still the same.
 */
export function whenOrphaned(act: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    act();
  }, LOOK_EVERY_MS);
  timer.unref();
}
