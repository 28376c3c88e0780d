import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { errorText } from '../../../shared/protocol/error-text.ts';
import { tryWords } from '../words/try-words.ts';
import type { ExportedFiles } from './exported/describe-exported.ts';
import { FilesSubject } from './exported/files-subject.ts';
import { filesOf } from './exported/named-files.ts';
import { fetchExported, readExported } from './exported/read-exported.ts';
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
  const problem = useSignal<string | null>(null);
  const open = async (read: () => Promise<ExportedFiles>): Promise<void> => {
    problem.value = null;
    isOpening.value = true;
    try {
      const exported = await read();
      opened.value = { subject: await FilesSubject.open(exported), name: exported.metadata.name ?? null };
    } catch (error) {
      problem.value = words.wholePage.failed(errorText(error));
    }
    isOpening.value = false;
  };
  const onFiles = (files: readonly File[]): void => void open(async () => readExported(await filesOf(files)));
  useEffect(() => {
    if (url !== null) void open(() => fetchExported(url));
  }, [url]);

  return (
    <>
      <hgroup>
        <h1>{opened.value?.name ?? words.title}</h1>
        <p>{words.introEmbedded}</p>
      </hgroup>
      {url !== null && <p class="muted note">{words.wholePage.from(hostOf(url))}</p>}
      {isOpening.value && <p aria-busy="true">{words.wholePage.opening}</p>}
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
  URL.canParse(url, location.href) ? new URL(url, location.href).host : url;

function ModelField({ onFiles }: { onFiles: (files: readonly File[]) => void }) {
  const words = tryWords().wholePage;
  return (
    <div class="card model-field" {...dropTarget(onFiles)}>
      <p>{words.drop}</p>
      <label>
        {words.choose}
        <input
          type="file"
          multiple
          accept=".zip,.json,.bin"
          data-testid="choose-model"
          onChange={event => onFiles([...(event.currentTarget.files ?? [])])}
        />
        <small>{words.chooseMore}</small>
      </label>
    </div>
  );
}
