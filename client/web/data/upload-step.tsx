import { useSignal } from '@preact/signals';
import type { TargetedSubmitEvent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { type HostedDataset, splitExamples } from '../../../shared/protocol/dataset.ts';
import { dataKeyOf } from '../state/data-keys.ts';
import { newRunWith } from '../state/router.ts';
import { formatBytes, formatCount } from '../ui/format.ts';
import { StorageNote } from '../ui/storage-note.tsx';
import { dataWords } from '../words/data-words.ts';
import { countExamples } from './count-examples.ts';
import type { DataDraft, Progress } from './data-draft.ts';
import type { Found } from './data-reader-api.ts';
import type { DataUpload } from './data-upload.ts';
import { DraftTextField, focusFirstInvalid } from './draft-field.tsx';
import type { FieldName } from './draft-fields.ts';
import type { Listing } from './use-datasets.ts';

interface StepProps {
  readonly draft: DataDraft;
  readonly upload: DataUpload;
  readonly found: Found;
  readonly storage: Listing['storage'];
}

/** The name, and the button before which nothing leaves this device. */
export function UploadStep({ draft, upload, found, storage }: StepProps) {
  const words = dataWords();
  const key = useSignal('');
  const state = upload.state.value;
  const send = async (event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const wrong = Object.keys(draft.errors.value) as FieldName[];
    draft.touch(...wrong);
    if (wrong.length > 0) return focusFirstInvalid();
    await upload.run(found, key.value.trim());
    if (upload.state.value.kind === 'idle') focusFirstInvalid();
  };
  if (state.kind === 'done') return <Done dataset={state.dataset} found={found} />;
  return (
    <form class="card" aria-labelledby="data-upload" onSubmit={event => void send(event)} noValidate>
      <h2 id="data-upload">{words.uploadTitle}</h2>
      <DraftTextField
        name="name"
        label={words.name}
        hint={words.nameHint}
        input={{ type: 'text' }}
        error={draft.errorOf('name')}
        value={draft.fields.value.name}
        onInput={value => draft.set({ name: value })}
        onLeave={() => draft.touch('name')}
      />
      {upload.needsKey.value && (
        <DraftTextField
          name="key"
          label={words.key}
          hint={words.keyHint}
          error={draft.errorOf('key')}
          input={{ type: 'password' }}
          value={key.value}
          onInput={value => {
            key.value = value;
            draft.refuse({});
          }}
          onLeave={() => {}}
        />
      )}
      <div aria-live="polite">
        {state.kind === 'stopped' && (
          <p class="error" role="alert" data-testid="upload-stopped">
            {state.text}
          </p>
        )}
      </div>
      {state.kind === 'running' ? (
        <Running progress={state.progress} onCancel={upload.cancel} />
      ) : (
        <button type="submit" data-testid="upload">
          {state.kind === 'stopped' ? words.uploadAgain : words.upload}
        </button>
      )}
      <small class="muted">
        {words.stays} {words.isPublic}
      </small>
      <StorageNote storage={storage} />
    </form>
  );
}

function Running({ progress, onCancel }: { progress: Progress; onCancel: () => void }) {
  const words = dataWords();
  const { done, total } = progress;
  useEffect(askBeforeLeaving, []);
  const text = total > 0 ? words.uploading(formatCount(done), formatCount(total)) : words.preparing;
  return (
    <div data-testid="uploading">
      <p>
        {text}
        <progress {...(total > 0 ? { value: done, max: total } : {})} aria-label={words.uploadTitle} />
      </p>
      <button type="button" class="secondary" onClick={onCancel}>
        {words.cancel}
      </button>
    </div>
  );
}

/** The browser asks whoever closes the tab while something is being sent. */
function askBeforeLeaving(): () => void {
  const ask = (event: Event): void => event.preventDefault();
  addEventListener('beforeunload', ask);
  return () => removeEventListener('beforeunload', ask);
}

/** It takes the focus, because the button that was pressed is gone. */
function Done({ dataset, found }: { dataset: HostedDataset; found: Found }) {
  const words = dataWords();
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  const bytes = [...dataset.train, ...dataset.test].reduce((sum, part) => sum + part.bytes, 0);
  const [train, test] = [splitExamples(dataset, 'train'), splitExamples(dataset, 'test')];
  return (
    <section class="card" data-testid="uploaded">
      <h2 ref={title} tabIndex={-1}>
        {words.done(dataset.name)}
      </h2>
      <p>
        {words.doneMore(
          countExamples(found.kind === 'table', train),
          countExamples(found.kind === 'table', test),
          formatBytes(bytes),
        )}
      </p>
      {dataKeyOf(dataset.name) !== null && <p class="muted note">{words.keyHere}</p>}
      <a href={newRunWith(dataset.name)} class="button-link">
        {words.makeRun}
      </a>
    </section>
  );
}
