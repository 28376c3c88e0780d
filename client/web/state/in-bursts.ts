export interface Bursts<T> {
  push(items: readonly T[]): void;
  cancel(): void;
}

/** Collects what comes and delivers it together, at most once in `everyMs`. Nothing is lost, and the order is kept. */
export function inBursts<T>(everyMs: number, deliver: (items: readonly T[]) => void): Bursts<T> {
  let waiting: T[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = (): void => {
    const items = waiting;
    [waiting, timer] = [[], undefined];
    deliver(items);
  };
  return {
    push: items => {
      waiting.push(...items);
      timer ??= setTimeout(flush, everyMs);
    },
    cancel: () => clearTimeout(timer),
  };
}
