import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Pictures } from '../../../shared/datasets/examples.ts';
import { accepted } from '../../../shared/protocol/refusals.ts';
import { formatCount } from '../ui/format.ts';
import { dataWords } from '../words/data-words.ts';
import type { DataDraft } from './data-draft.ts';
import type { Found } from './data-reader-api.ts';
import { DraftSelectField, DraftTextField } from './draft-field.tsx';
import { isSide, wantedShape } from './draft-fields.ts';
import { PictureStrip } from './picture-strip.tsx';

interface StepProps {
  readonly draft: DataDraft;
  readonly found: Found;
}

/** Somebody who types 224 means neither 2 nor 22. */
const PREVIEW_AFTER_MS = 250;

/** Size and colour of the pictures, with what the network will see. */
export function LookStep({ draft, found }: StepProps) {
  const words = dataWords();
  if (found.kind === 'table') return null;
  const { height, width, channels } = found.shape;
  return (
    <section class="card" aria-labelledby="data-look">
      <h2 id="data-look">{words.look}</h2>
      {found.kind === 'pictures' ? (
        <LookFields draft={draft} />
      ) : (
        <p>{words.fixedShape(`${height} × ${width}`, channels === 1)}</p>
      )}
      <Preview draft={draft} found={found} />
    </section>
  );
}

function LookFields({ draft }: { draft: DataDraft }) {
  const words = dataWords();
  const { side, channels, fit } = draft.fields.value;
  return (
    <div class="field-row">
      <DraftTextField
        name="side"
        label={words.size}
        hint={words.sizeHint}
        error={draft.errorOf('side')}
        value={side}
        input={{ inputMode: 'numeric' }}
        onInput={value => draft.set({ side: value })}
        onLeave={() => draft.touch('side')}
      />
      <DraftSelectField
        name="channels"
        label={words.colour}
        error={undefined}
        value={String(channels)}
        options={[
          ['3', words.inColour],
          ['1', words.inGrey],
        ]}
        onChange={value => draft.set({ channels: value === '1' ? 1 : 3 })}
      />
      <DraftSelectField
        name="fit"
        label={words.fit}
        error={undefined}
        value={fit}
        options={[
          ['crop', words.cropped],
          ['stretch', words.stretched],
        ]}
        onChange={value => draft.set({ fit: value === 'stretch' ? 'stretch' : 'crop' })}
      />
    </div>
  );
}

function Preview({ draft, found }: StepProps) {
  const words = dataWords();
  const pictures = usePreview(draft, found);
  if (!pictures) return <p class="muted">{words.previewing}</p>;
  return (
    <figure class="preview">
      <PictureStrip pictures={pictures} label={words.preview} />
      <figcaption class="muted">
        {words.preview} {words.previewSize(formatCount(pictures.shape.height), pictures.shape.channels === 1)}
      </figcaption>
    </figure>
  );
}

/** The last preview stays until the next one is there. */
function usePreview(draft: DataDraft, found: Found): Pictures | null {
  const pictures = useSignal<Pictures | null>(null);
  const { side, channels, fit } = draft.fields.value;
  useEffect(() => {
    if (found.kind === 'pictures' && !isSide(side)) return;
    let isOld = false;
    const load = async (): Promise<void> => {
      const wanted = { shape: wantedShape(draft.fields.value, found), fit };
      const preview = await draft.ask(async reader => accepted(await reader.preview(wanted)));
      if (!isOld && preview.ok) pictures.value = preview.value;
    };
    const timer = setTimeout(() => void load(), pictures.value ? PREVIEW_AFTER_MS : 0);
    return () => {
      isOld = true;
      clearTimeout(timer);
    };
  }, [found, side, channels, fit]);
  return pictures.value;
}
