import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { scaleRow } from '../../../shared/datasets/table/scale-row.ts';
import type { Column } from '../../../shared/protocol/dataset.ts';
import { readNumber } from '../ui/read-number.ts';
import { languageNow } from '../words/language.ts';
import { tryWords } from '../words/try-words.ts';

interface TableFormProps {
  readonly columns: readonly Column[];
  /** The row as the network takes it. */
  readonly onRow: (pixels: Uint8Array) => void;
  /** Some field has no number. */
  readonly onWrong: () => void;
}

/** A field for each column of a table. */
export function TableForm({ columns, onRow, onWrong }: TableFormProps) {
  const words = tryWords();
  const id = useId();
  const wrong = useSignal<readonly number[]>([]);
  const ask = (form: HTMLFormElement): void => {
    const data = new FormData(form);
    const values = columns.map((_, i) => readNumber(String(data.get(`${id}-${i}`))));
    wrong.value = values.flatMap((value, i) => (Number.isNaN(value) ? [i] : []));
    const [first] = wrong.value;
    if (first !== undefined) {
      onWrong();
      document.getElementById(`${id}-${first}`)?.focus();
      return;
    }
    onRow(scaleRow(columns, values));
  };
  return (
    <form
      class="table-form"
      noValidate
      onSubmit={event => {
        event.preventDefault();
        ask(event.currentTarget);
      }}
    >
      <div class="table-fields">
        {columns.map(({ name, least, most }, i) => {
          const isWrong = wrong.value.includes(i);
          return (
            <label key={name}>
              {name}
              <input
                id={`${id}-${i}`}
                name={`${id}-${i}`}
                inputMode="decimal"
                defaultValue={figure((least + most) / 2)}
                aria-invalid={isWrong || undefined}
                aria-describedby={`${id}-${i}-hint`}
              />
              <small id={`${id}-${i}-hint`} class={isWrong ? 'field-error' : ''}>
                {isWrong ? words.notANumber : words.between(figure(least), figure(most))}
              </small>
            </label>
          );
        })}
      </div>
      <button type="submit">{words.ask}</button>
    </form>
  );
}

/** As somebody types it in this language. */
const figure = (value: number): string =>
  value.toLocaleString(languageNow(), { maximumSignificantDigits: 4, useGrouping: false });
