import { useSignal } from '@preact/signals';
import { proxy, wrap } from 'comlink';
import { useEffect, useRef } from 'preact/hooks';
import type { RunFacts } from '../../state/live-run.ts';
import { openThread, type Thread } from '../../state/open-thread.ts';
import { saveFile } from '../../ui/save-file.ts';
import { downloadWords } from '../../words/download-words.ts';
import { problemText } from '../../words/problem-text.ts';
import type { DownloadApi, DownloadKind } from './download-api.ts';
import { fileStem } from './file-stem.ts';

/** What is packed now, and what came of it. */
export interface Download {
  /** Share of what is to fetch; null if nothing is packed. */
  readonly share: number | null;
  /** The file that was saved last; null if none was. */
  readonly saved: string | null;
  readonly warning: string | null;
  readonly problem: string | null;
}

const nothing: Download = { share: null, saved: null, warning: null, problem: null };

/** Makes downloads in a thread of their own, which ends with the last one. */
export function useDownload(facts: RunFacts) {
  const download = useSignal<Download>(nothing);
  const thread = useRef<Thread | null>(null);
  const end = (): void => {
    thread.current?.terminate();
    thread.current = null;
  };
  useEffect(() => end, []);

  const start = async (version: number, kind: DownloadKind): Promise<void> => {
    end();
    download.value = { ...nothing, share: 0 };
    try {
      const { bytes, warning } = await make(version, kind);
      const name = `${fileStem(facts.spec.name)}-v${version}.${kind}`;
      saveFile(name, kind === 'zip' ? 'application/zip' : 'application/octet-stream', bytes);
      download.value = { ...nothing, saved: name, warning };
    } catch (error) {
      download.value = { ...nothing, problem: problemText(error) };
    }
    end();
  };
  const make = (version: number, kind: DownloadKind): ReturnType<DownloadApi['make']> => {
    const opened = openThread(
      () => new Worker(new URL('./download-thread.ts', import.meta.url), { type: 'module' }),
      message => message || downloadWords().notLoaded,
    );
    thread.current = opened;
    const onProgress = proxy((done: number, total: number): void => {
      download.value = { ...download.value, share: done / total };
    });
    const made = wrap<DownloadApi>(opened.endpoint).make(facts.run, version, kind, onProgress);
    return Promise.race([made, opened.broken]);
  };
  return { download, start };
}
