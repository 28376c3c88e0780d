import { useKeptFocus } from '../state/use-kept-focus.ts';
import { LinkButton } from '../ui/link-button.tsx';
import '../styles/data.css';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { useTitle } from '../state/use-title.ts';
import { dataWords } from '../words/data-words.ts';
import { ClassStep } from './class-step.tsx';
import { DataDraft } from './data-draft.ts';
import type { Found } from './data-reader-api.ts';
import { DataUpload } from './data-upload.ts';
import { DatasetList } from './dataset-list.tsx';
import { LookStep } from './look-step.tsx';
import { ProblemStep } from './problem-step.tsx';
import { SourceStep } from './source-step.tsx';
import { SplitStep } from './split-step.tsx';
import { UploadStep } from './upload-step.tsx';
import { type Listing, useDatasets } from './use-datasets.ts';

/** What is being brought in this tab: it outlives a look at another page. */
const ownDraft = new DataDraft();
const ownUpload = new DataUpload(ownDraft);

/** Where a host brings data, and finds those that are there. */
export function DataPage() {
  useKeptFocus();
  return <BringData draft={ownDraft} upload={ownUpload} />;
}

interface BringDataProps {
  readonly draft: DataDraft;
  readonly upload: DataUpload;
}

export function BringData({ draft, upload }: BringDataProps) {
  const words = dataWords();
  useTitle(words.title);
  const { value: found } = draft.found;
  const isUploaded = upload.state.value.kind === 'done';
  const deletions = useSignal(0);
  const { value: listing } = useDatasets(`${isUploaded} ${deletions.value}`);
  useEffect(() => {
    draft.taken.value = listing.sets.map(({ name }) => name);
  }, [listing]);
  useEffect(keepDropsHere, []);
  return (
    <div class="data-page">
      <hgroup>
        <h1>{words.title}</h1>
        <p>{words.intro}</p>
      </hgroup>
      {found ? (
        <FoundSteps {...{ draft, upload, found }} storage={listing.storage} />
      ) : (
        <SourceStep draft={draft} />
      )}
      <DatasetList listing={listing} onDeleted={() => deletions.value++} />
    </div>
  );
}

/** A browser opens a file that is dropped beside the zone, and the page with all that was chosen is gone. */
function keepDropsHere(): () => void {
  const keep = (event: Event): void => event.preventDefault();
  const kinds = ['dragover', 'drop'];
  for (const kind of kinds) addEventListener(kind, keep);
  return () => {
    for (const kind of kinds) removeEventListener(kind, keep);
  };
}

interface StepsProps extends BringDataProps {
  readonly found: Found;
  readonly storage: Listing['storage'];
}

/** All steps after the source. Each has a default, so the last is enough. */
function FoundSteps({ draft, upload, found, storage }: StepsProps) {
  const words = dataWords();
  const startOver = (): void => {
    upload.forget();
    draft.startOver();
  };
  const state = upload.state.value.kind;
  return (
    <>
      <p class="note">
        {state === 'done' ? '' : `${words.stays} `}
        <LinkButton text={words.startOver} onClick={startOver} />
      </p>
      {/* What is uploaded, or on its way, cannot be changed any more. */}
      <fieldset disabled={state === 'running' || state === 'done'} class="data-steps">
        <ClassStep draft={draft} found={found} />
        <LookStep draft={draft} found={found} />
        <SplitStep draft={draft} found={found} />
      </fieldset>
      <ProblemStep problems={found.problems} />
      <UploadStep {...{ draft, upload, found, storage }} />
    </>
  );
}
