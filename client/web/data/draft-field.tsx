import type { ComponentChildren, InputHTMLAttributes } from 'preact';

interface FrameProps {
  /** In ids. */
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly error?: string | undefined;
}

/** Ties a control to its hint and its error, for screen readers and for style sheets. */
const tied = ({ name, hint, error }: FrameProps) => ({
  id: `data-${name}`,
  'aria-invalid': error ? true : undefined,
  'aria-describedby': hint ? `data-hint-${name} data-error-${name}` : `data-error-${name}`,
});

function Frame({ name, label, hint, error, children }: FrameProps & { children: ComponentChildren }) {
  return (
    <div class="field">
      <label for={`data-${name}`}>{label}</label>
      {children}
      <small id={`data-error-${name}`} class="field-error" data-testid={`error-${name}`}>
        {error}
      </small>
      {hint && (
        <small id={`data-hint-${name}`} class="muted">
          {hint}
        </small>
      )}
    </div>
  );
}

interface TextFieldProps extends FrameProps {
  readonly value: string;
  readonly input: InputHTMLAttributes<HTMLInputElement>;
  readonly onInput: (value: string) => void;
  readonly onLeave: () => void;
}

export function DraftTextField({ value, input, onInput, onLeave, ...frame }: TextFieldProps) {
  return (
    <Frame {...frame}>
      <input
        autocomplete="off"
        {...input}
        {...tied(frame)}
        value={value}
        onInput={event => onInput(event.currentTarget.value)}
        onBlur={onLeave}
      />
    </Frame>
  );
}

interface SelectFieldProps extends FrameProps {
  readonly value: string;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly onChange: (value: string) => void;
}

export function DraftSelectField({ value, options, onChange, ...frame }: SelectFieldProps) {
  return (
    <Frame {...frame}>
      <select {...tied(frame)} value={value} onChange={event => onChange(event.currentTarget.value)}>
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </Frame>
  );
}

/** Waits until the errors are drawn. Folded parts are unfolded. */
export function focusFirstInvalid(): void {
  requestAnimationFrame(() => {
    const field = document.querySelector<HTMLElement>('.data-page [aria-invalid="true"]');
    field?.closest('details')?.setAttribute('open', '');
    field?.focus();
  });
}
