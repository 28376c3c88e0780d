import { wrap } from 'comlink';
import { openThread } from '../state/open-thread.ts';
import type { DataReaderApi } from './data-reader-api.ts';

export interface DataBridge {
  readonly reader: DataReaderApi;
  /** Rejects if the thread breaks, for instance if its memory ends, or is ended. Comlink would wait for ever. */
  readonly broken: Promise<never>;
  terminate(): void;
}

/** The reader in a Web Worker of its own. */
export function startDataReader(): DataBridge {
  const thread = openThread(
    () => new Worker(new URL('./data-thread.ts', import.meta.url), { type: 'module' }),
    message => message || 'the script that reads files could not be loaded',
  );
  const ending = new AbortController();
  const ended = new Promise<never>((_, reject) => {
    ending.signal.addEventListener('abort', () => reject(new Error('the reading was ended')));
  });
  const broken = Promise.race([thread.broken, ended]);
  broken.catch(() => {});
  const terminate = (): void => {
    thread.terminate();
    ending.abort();
  };
  return { reader: wrap<DataReaderApi>(thread.endpoint), broken, terminate };
}
