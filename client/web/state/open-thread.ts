import type { Endpoint } from 'comlink';
import { abilityWords } from '../words/abilities-words.ts';

export interface Thread {
  readonly endpoint: Endpoint;
  /** Rejects, in words, if the thread does not start or breaks. Comlink would wait for ever. */
  readonly broken: Promise<never>;
  terminate(): void;
}

/**
 * A thread beside the page. A browser may have none, or forbid them, as in a frame without an origin. Then nothing answers,
 * and `broken` says so.
 * @param start makes it, where the address of its script is written out, as the bundler asks
 * @param describe says in words that it broke. The browser's own message may be empty
 */
export function openThread(start: () => Worker, describe: (message: string) => string): Thread {
  const started = tryToStart(start);
  const broken = new Promise<never>((_, reject) => {
    if (!started) return reject(new Error(abilityWords().noThread));
    started.addEventListener('error', event => {
      event.preventDefault();
      reject(new Error(describe(event.message)));
    });
  });
  // Whoever waits for the thread waits for this too. Nobody may wait yet.
  broken.catch(() => {});
  return {
    ...{ endpoint: started ?? new MessageChannel().port1, broken },
    terminate: () => started?.terminate(),
  };
}

function tryToStart(start: () => Worker): Worker | null {
  try {
    return start();
  } catch {
    return null;
  }
}
