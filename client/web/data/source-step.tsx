import { useSignal } from '@preact/signals';
import { formatCount } from '../ui/format.ts';
import { PickButton } from '../ui/pick-button.tsx';
import { TooManyFilesError } from '../ui/walk-drop.ts';
import { dataWords } from '../words/data-words.ts';
import { problemText } from '../words/problem-text.ts';
import { type ChosenFile, filesOf, filesOfDrop, MOST_FILES } from './chosen-files.ts';
import type { DataDraft } from './data-draft.ts';

/** Where data come from: dropped, chosen, or pasted. */
export function SourceStep({ draft }: { draft: DataDraft }) {
  const words = dataWords();
  return (
    <section class="card" aria-labelledby="data-source">
      <h2 id="data-source">{words.source}</h2>
      <DropZone draft={draft} />
      <p class="note">{words.stays}</p>
      <PasteField draft={draft} />
      <Outcome draft={draft} />
    </section>
  );
}

function DropZone({ draft }: { draft: DataDraft }) {
  const words = dataWords();
  const isOver = useSignal(false);
  const take = (collect: () => Promise<readonly ChosenFile[]>): void => void openCollected(draft, collect);
  const pick = (files: readonly File[]): void => take(async () => filesOf(files));
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    isOver.value = false;
    const { dataTransfer } = event;
    if (dataTransfer) take(() => filesOfDrop(dataTransfer));
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: whoever has no mouse uses the two buttons in it
    <div
      class={isOver.value ? 'drop-zone is-over' : 'drop-zone'}
      onDragOver={event => {
        event.preventDefault();
        isOver.value = true;
      }}
      onDragLeave={() => (isOver.value = false)}
      onDrop={drop}
      data-testid="drop-zone"
    >
      <p>
        <strong>{words.drop}</strong>
      </p>
      <div class="drop-buttons">
        <PickButton text={words.chooseFolder} picks="folder" onPick={pick} />
        <PickButton text={words.chooseFiles} isMain={false} onPick={pick} />
      </div>
      <p class="muted">
        <small>{words.dropMore}</small>
      </p>
    </div>
  );
}

async function openCollected(draft: DataDraft, collect: () => Promise<readonly ChosenFile[]>): Promise<void> {
  const words = dataWords();
  try {
    const files = await collect();
    if (files.length === 0) draft.problem.value = words.noFiles;
    else await draft.open({ kind: 'files', files });
  } catch (error) {
    draft.problem.value =
      error instanceof TooManyFilesError
        ? words.tooManyFiles(formatCount(MOST_FILES))
        : words.notRead(problemText(error));
  }
}

function PasteField({ draft }: { draft: DataDraft }) {
  const words = dataWords();
  const text = useSignal('');
  const error = useSignal<string | null>(null);
  const read = (): void => {
    error.value = text.value.trim() === '' ? words.nothingPasted : null;
    if (error.value === null) void draft.open({ kind: 'text', text: text.value });
  };
  return (
    <details class="advanced paste">
      <summary>{words.orPaste}</summary>
      <label for="data-paste">{words.paste}</label>
      <textarea
        id="data-paste"
        rows={6}
        value={text.value}
        spellcheck={false}
        aria-invalid={error.value ? true : undefined}
        aria-describedby="data-paste-hint data-paste-error"
        onInput={event => {
          text.value = event.currentTarget.value;
          error.value = null;
        }}
      />
      <small id="data-paste-error" class="field-error" role="alert">
        {error.value}
      </small>
      <small id="data-paste-hint" class="muted">
        {words.pasteHint}
      </small>
      <button type="button" class="secondary" onClick={read}>
        {words.readPasted}
      </button>
    </details>
  );
}

/** What is being read, or why it cannot be. */
function Outcome({ draft }: { draft: DataDraft }) {
  const words = dataWords();
  const { value: reading } = draft.reading;
  const text =
    reading && reading.total > 0
      ? words.readingOf(formatCount(reading.done), formatCount(reading.total))
      : words.reading;
  return (
    <div aria-live="polite">
      {reading && (
        <p data-testid="reading">
          {text}
          <progress
            {...(reading.total > 0 ? { value: reading.done, max: reading.total } : {})}
            aria-label={words.reading}
          />
          <button type="button" class="secondary outline" onClick={draft.stopReading}>
            {words.stopReading}
          </button>
        </p>
      )}
      {draft.problem.value && (
        <p class="error" role="alert" data-testid="source-problem">
          {draft.problem.value}
        </p>
      )}
    </div>
  );
}
