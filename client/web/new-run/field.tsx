import type { ComponentChildren, InputHTMLAttributes } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { FieldErrors, FieldName } from './field-names.ts';
import { useForm } from './form-context.ts';

interface FieldFrameProps {
  readonly name: FieldName;
  readonly label: string;
  readonly hint?: ComponentChildren;
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
export function FieldFrame({ name, label, hint, children }: FieldFrameProps) {
  return (
    <div class="field">
      <label for={`field-${name}`}>{label}</label>
      {children}
      <FieldNotes name={name} hint={hint} />
    </div>
  );
}

export function FieldNotes({ name, hint }: Pick<FieldFrameProps, 'name' | 'hint'>) {
  return (
    <>
      <small id={`error-${name}`} class="field-error" data-testid={`error-${name}`}>
        {useForm().errors[name]}
      </small>
      <small id={`hint-${name}`} class="muted">
        {hint}
      </small>
    </>
  );
}

interface TextFieldProps extends Omit<FieldFrameProps, 'children'> {
  /** Shown in it at first, unless the form begins with something else. */
  readonly value: string | number;
  readonly input?: InputHTMLAttributes<HTMLInputElement>;
}

export function TextField({ name, label, hint, value, input }: TextFieldProps) {
  const { initial, errors } = useForm();
  return (
    <FieldFrame {...{ name, label, hint }}>
      <input
        autocomplete="off"
        {...input}
        {...describedBy(name, errors)}
        defaultValue={initial[name] ?? String(value)}
      />
    </FieldFrame>
  );
}

interface SelectFieldProps extends Omit<FieldFrameProps, 'children'> {
  readonly options: readonly (readonly [value: string, text: string])[];
  /** The first option if it is left out. */
  readonly value?: string;
}

export function SelectField({ name, label, hint, options, value }: SelectFieldProps) {
  const { initial, errors } = useForm();
  const chosen = initial[name] ?? value ?? options[0]?.[0] ?? '';
  const select = useRef<HTMLSelectElement>(null);
  useLayoutEffect(() => {
    if (select.current) select.current.value = chosen;
  }, []);
  return (
    <FieldFrame {...{ name, label, hint }}>
      <select ref={select} {...describedBy(name, errors)}>
        {options.map(([option, text]) => (
          // If its text changes, it is another option. A browser may forget the choice if one is moved.
          <option key={`${option} ${text}`} value={option} selected={option === chosen}>
            {text}
          </option>
        ))}
      </select>
    </FieldFrame>
  );
}

interface CheckFieldProps {
  readonly name: string;
  readonly label: string;
  readonly isChecked?: boolean;
}

export function CheckField({ name, label, isChecked = false }: CheckFieldProps) {
  const { initial } = useForm();
  const checked = initial[name] === undefined ? isChecked : initial[name] === 'on';
  return (
    <label class="check">
      <input type="checkbox" name={name} defaultChecked={checked} />
      {label}
    </label>
  );
}
