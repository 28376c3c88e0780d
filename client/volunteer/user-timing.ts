/** The way from link to contribution, and of every lease after the first. */
export type Step = 'load' | 'compile' | 'join' | 'lease' | 'download' | 'train' | 'encode' | 'upload';

/**
 * Writes a step into the browser's performance timeline as `homeroom:<step>`, where profilers and `bench:join` find it.
 * Only the newest of a name is kept: a tab that trains for days must not fill up with them.
 * @param start ms since the page's time origin
 */
export function markStep(step: Step, start: number, end = performance.now()): void {
  const name = `homeroom:${step}`;
  performance.clearMeasures(name);
  performance.measure(name, { start: Math.max(0, start), end: Math.max(0, start, end) });
}

/** Runs a step and writes down how long it took, whether it failed or not. */
export async function timed<T>(step: Step, act: () => Promise<T>): Promise<T> {
  const start = performance.now();
  try {
    return await act();
  } finally {
    markStep(step, start);
  }
}
