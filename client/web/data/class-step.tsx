import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { formatCount } from '../ui/format.ts';
import { dataWords } from '../words/data-words.ts';
import { countExamples } from './count-examples.ts';
import type { DataDraft } from './data-draft.ts';
import type { Found, FoundClass } from './data-reader-api.ts';
import { DraftSelectField } from './draft-field.tsx';
import { PictureStrip } from './picture-strip.tsx';

/** Classes that are shown at once. The others are behind a button. */
const SHOWN_CLASSES = 24;

/** So few examples of a class teach nothing. */
const FEW_EXAMPLES = 5;

interface StepProps {
  readonly draft: DataDraft;
  readonly found: Found;
}

/** The contact sheet: each class with its name, its count, and a few of its pictures. */
export function ClassStep({ draft, found }: StepProps) {
  const words = dataWords();
  const showsAll = useSignal(false);
  const title = useRef<HTMLHeadingElement>(null);
  // The button that was pressed is gone, so the focus would be lost.
  useEffect(() => title.current?.focus(), []);
  const { classes } = found;
  const shown = showsAll.value ? classes : classes.slice(0, SHOWN_CLASSES);
  return (
    <section class="card" aria-labelledby="data-classes">
      <h2 id="data-classes" ref={title} tabIndex={-1}>
        {words.classes}
      </h2>
      <p data-testid="found-classes">{describeFound(found)}</p>
      <ColumnFields draft={draft} found={found} />
      <FewNote classes={classes} />
      <ol class="class-list">
        {shown.map(({ examples }, label) => (
          <ClassItem key={label} {...{ draft, found, label, examples }} />
        ))}
      </ol>
      {shown.length < classes.length && (
        <button type="button" class="secondary" onClick={() => (showsAll.value = true)}>
          {words.showAllClasses(formatCount(classes.length))}
        </button>
      )}
    </section>
  );
}

function describeFound(found: Found): string {
  const words = dataWords();
  const { classes, kind, shape } = found;
  const all = classes.reduce((sum, { examples }) => sum + examples, 0);
  const counts = words.foundClasses(
    words.classCount(classes.length, formatCount(classes.length)),
    countExamples(kind === 'table', all),
  );
  return kind === 'table' ? `${words.tableOf(formatCount(shape.width))} ${counts}` : counts;
}

/** How the columns are read: guessed, and to be chosen. What is wrong with a choice is told here. */
function ColumnFields({ draft, found: { textTable, kind } }: StepProps) {
  const words = dataWords();
  if (!textTable) return null;
  return (
    <div class="field-row">
      <DraftSelectField
        name="column"
        label={words.column}
        hint={words.columnHint}
        error={draft.problem.value ?? undefined}
        value={String(textTable.labelColumn)}
        options={textTable.columns.map(({ name, sample }, index): [string, string] => [
          String(index),
          words.columnOption(name, sample),
        ])}
        onChange={value => void draft.readAs({ label: Number(value) })}
      />
      {textTable.looksLikePixels && (
        <DraftSelectField
          name="numbers"
          label={words.numbers}
          value={kind === 'table' ? 'table' : 'pixels'}
          options={[
            ['pixels', words.asPixels],
            ['table', words.asTable],
          ]}
          onChange={value => void draft.readAs({ asTable: value === 'table' })}
        />
      )}
    </div>
  );
}

function FewNote({ classes }: { classes: readonly FoundClass[] }) {
  const few = classes.filter(({ examples }) => examples < FEW_EXAMPLES);
  if (few.length === 0) return null;
  const listed =
    few
      .slice(0, 5)
      .map(({ name }) => name)
      .join(', ') + (few.length > 5 ? ' …' : '');
  return <p class="note">{dataWords().fewInClass(listed)}</p>;
}

interface ItemProps extends StepProps {
  readonly label: number;
  readonly examples: number;
}

function ClassItem({ draft, found, label, examples }: ItemProps) {
  const words = dataWords();
  const field = `class-${label}` as const;
  const error = draft.errorOf(field);
  const names = draft.fields.value.classNames;
  const pictures = draft.thumbnails.value.get(label);
  return (
    <li class="class-item">
      <input
        id={`data-${field}`}
        aria-label={words.className(formatCount(label + 1))}
        aria-invalid={error ? true : undefined}
        aria-describedby={`data-error-${field}`}
        value={names[label] ?? ''}
        autocomplete="off"
        onInput={event => draft.set({ classNames: names.with(label, event.currentTarget.value) })}
        onBlur={() => draft.touch(field)}
      />
      <small id={`data-error-${field}`} class="field-error">
        {error}
      </small>
      <span class="muted">{countExamples(found.kind === 'table', examples)}</span>
      {found.kind !== 'table' &&
        (pictures ? (
          <PictureStrip pictures={pictures} label={words.someOf(names[label] ?? '')} />
        ) : (
          <span class="picture-strip is-empty" />
        ))}
    </li>
  );
}
