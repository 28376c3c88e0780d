import { LinkButton } from '../ui/link-button.tsx';
import { newRunWords } from '../words/new-run-words.ts';
import type { FieldErrors } from './field-names.ts';
import { focusField } from './use-form-state.ts';

/** All that is wrong, beside the button that found it. Each line leads to its field. */
export function ErrorSummary({ errors }: { errors: FieldErrors }) {
  const wrong = Object.entries(errors);
  return (
    <div role="alert">
      {wrong.length > 0 && (
        <div class="error" data-testid="error-summary">
          <p>{newRunWords().wrongFields(wrong.length)}</p>
          <ul>
            {wrong.map(([name, text]) => (
              <li key={name}>
                <LinkButton text={labelOf(name)} onClick={() => focusField(fieldAt(name))} />: {text}
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

const fieldAt = (name: string): HTMLElement | null => document.getElementById(`field-${name}`);

/** The label that stands at the field, so that it is written once. */
function labelOf(name: string): string {
  const label = document.querySelector(`label[for="field-${name}"], #legend-${name}`);
  return label?.textContent ?? name;
}
