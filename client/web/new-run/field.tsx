import type { ComponentChildren, InputHTMLAttributes } from 'preact';
import type { FieldErrors, FieldName } from './read-new-run-form.ts';

interface FieldFrameProps {
  readonly name: FieldName;
  readonly label: string;
  readonly hint?: ComponentChildren;
  readonly errors: FieldErrors;
  readonly children: ComponentChildren;
}

/** Attributes that tie a field to its hint and its error, for screen readers and for style sheets. */
export const describedBy = (name: FieldName, errors: FieldErrors) => ({
  id: `field-${name}`,
  name,
  'aria-invalid': errors[name] ? true : undefined,
  'aria-describedby': `hint-${name} error-${name}`,
});

/** A label, its control, the error of this field, and a hint. */
export function FieldFrame({ name, label, hint, errors, children }: FieldFrameProps) {
  return (
    <div class="field">
      <label for={`field-${name}`}>{label}</label>
      {children}
      <small id={`error-${name}`} class="field-error" data-testid={`error-${name}`}>
        {errors[name]}
      </small>
      <small id={`hint-${name}`} class="muted">
        {hint}
      </small>
    </div>
  );
}

interface TextFieldProps extends Omit<FieldFrameProps, 'children'> {
  readonly value: string | number;
  readonly input?: InputHTMLAttributes<HTMLInputElement>;
}

export function TextField({ name, label, hint, errors, value, input }: TextFieldProps) {
  return (
    <FieldFrame {...{ name, label, hint, errors }}>
      <input autocomplete="off" {...input} {...describedBy(name, errors)} defaultValue={String(value)} />
    </FieldFrame>
  );
}

interface SelectFieldProps extends Omit<FieldFrameProps, 'children'> {
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly onChange?: (value: string) => void;
}

export function SelectField({ name, label, hint, errors, options, onChange }: SelectFieldProps) {
  return (
    <FieldFrame {...{ name, label, hint, errors }}>
      <select {...describedBy(name, errors)} onChange={event => onChange?.(event.currentTarget.value)}>
        {options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </FieldFrame>
  );
}
