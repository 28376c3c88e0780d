import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { formatBytes } from '../ui/format.ts';
import { PickButton } from '../ui/pick-button.tsx';
import { problemText } from '../words/problem-text.ts';
import { tryWords } from '../words/try-words.ts';
import type { ExportedFiles } from './exported/describe-exported.ts';
import { fetchExported } from './exported/fetch-exported.ts';
import { FilesSubject } from './exported/files-subject.ts';
import { filesOf } from './exported/named-files.ts';
import { readExported } from './exported/read-exported.ts';
import { TryBoard } from './try-board.tsx';
import { dropTarget } from './use-pictures.ts';

interface Opened {
  readonly subject: FilesSubject;
  readonly name: string | null;
}

/** A network that was exported: from an address, or from this device. */
export function ModelTryPage({ url }: { url: string | null }) {
  const words = tryWords();
  const opened = useSignal<Opened | null>(null);
  const isOpening = useSignal(false);
  const fetched = useSignal(0);
  const problem = useSignal<string | null>(null);
  const stopping = useRef(new AbortController());
  const open = async (read: (signal: AbortSignal) => Promise<ExportedFiles>): Promise<void> => {
    stopping.current.abort();
    stopping.current = new AbortController();
    const { signal } = stopping.current;
    problem.value = null;
    fetched.value = 0;
    isOpening.value = true;
    try {
      const exported = await read(signal);
      const subject = await FilesSubject.open(exported);
      if (!signal.aborted) opened.value = { subject, name: exported.metadata.name ?? null };
    } catch (error) {
      if (!signal.aborted) problem.value = words.wholePage.failed(problemText(error));
    }
    if (!signal.aborted) isOpening.value = false;
  };
  const stop = (): void => {
    stopping.current.abort();
    isOpening.value = false;
  };
  const onFiles = (files: readonly File[]): void => void open(async () => readExported(await filesOf(files)));
  useEffect(() => {
    const onProgress = (bytes: number): void => {
      fetched.value = bytes;
    };
    if (url !== null) void open(signal => fetchExported(url, { signal, onProgress }));
    return stop;
  }, [url]);

  return (
    <>
      <hgroup>
        <h1>{opened.value?.name ?? words.title}</h1>
        <p>{words.introEmbedded}</p>
      </hgroup>
      {url !== null && <p class="muted note">{words.wholePage.from(hostOf(url))}</p>}
      {isOpening.value && <Opening bytes={fetched.value} onStop={stop} />}
      {problem.value !== null && (
        <p class="error" role="alert">
          {problem.value}
        </p>
      )}
      {opened.value && <TryBoard subject={opened.value.subject} hasSamples={false} />}
      {opened.value ? (
        <button type="button" class="secondary outline" onClick={() => (opened.value = null)}>
          {words.wholePage.another}
        </button>
      ) : (
        !isOpening.value && <ModelField onFiles={onFiles} />
      )}
    </>
  );
}

const hostOf = (url: string): string =>
  (URL.canParse(url, location.href) && new URL(url, location.href).host) || url;

function Opening({ bytes, onStop }: { bytes: number; onStop: () => void }) {
  const words = tryWords().wholePage;
  return (
    <>
      <p aria-busy="true">{bytes > 0 ? words.openingBytes(formatBytes(bytes)) : words.opening}</p>
      <button type="button" class="secondary outline" onClick={onStop}>
        {words.stop}
      </button>
    </>
  );
}

function ModelField({ onFiles }: { onFiles: (files: readonly File[]) => void }) {
  const words = tryWords().wholePage;
  return (
    <div class="drop-zone" {...dropTarget(onFiles)}>
      <p>
        <strong>{words.drop}</strong>
      </p>
      <div class="drop-buttons">
        <PickButton text={words.choose} accept=".zip,.json,.bin" testid="choose-model" onPick={onFiles} />
      </div>
      <p class="muted">
        <small>{words.chooseMore}</small>
      </p>
    </div>
  );
}
