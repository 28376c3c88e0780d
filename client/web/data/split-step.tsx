import { useEffect } from 'preact/hooks';
import { dataWords } from '../words/data-words.ts';
import { countExamples } from './count-examples.ts';
import type { DataDraft } from './data-draft.ts';
import type { Found } from './data-reader-api.ts';
import { DraftTextField } from './draft-field.tsx';

/** How many examples are trained with, and how many are for the test. */
export function SplitStep({ draft, found }: { draft: DataDraft; found: Found }) {
  const words = dataWords();
  const { share } = draft.fields.value;
  const { value: counts } = draft.counts;
  useEffect(() => void draft.countSplit(), [share]);
  const say = found.isSplit ? words.ownSplit : words.drawnSplit;
  return (
    <section class="card" aria-labelledby="data-split">
      <h2 id="data-split">{words.split}</h2>
      {!found.isSplit && (
        <div class="share-field">
          <DraftTextField
            name="share"
            label={words.testShare}
            hint={words.testShareHint}
            error={draft.errorOf('share')}
            value={share}
            input={{ inputMode: 'decimal' }}
            onInput={value => draft.set({ share: value })}
            onLeave={() => draft.touch('share')}
          />
        </div>
      )}
      {counts && (
        <>
          <p data-testid="split-counts">
            {say(
              countExamples(found.kind === 'table', counts.train),
              countExamples(found.kind === 'table', counts.test),
            )}
          </p>
          <div class="split-bar" aria-hidden="true">
            <span style={{ flexGrow: counts.train }} />
            <span style={{ flexGrow: counts.test }} />
          </div>
        </>
      )}
    </section>
  );
}
