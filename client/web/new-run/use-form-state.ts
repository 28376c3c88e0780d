import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { type FieldErrors, isFieldName } from './field-names.ts';
import { type FormValues, valuesOf } from './form-values.ts';

/**
 * What is typed, and the errors that are shown. An error comes when its field is left or when the form is sent, and goes
 * as soon as its field is touched or is right again.
 * @param errorsIn what is wrong with these values, at all fields
 * @param onValues called with every change
 * @param offered changes if what can be chosen does
 */
export function useFormState(
  initial: FormValues,
  errorsIn: (values: FormValues) => FieldErrors,
  onValues: (values: FormValues) => void,
  offered: unknown,
) {
  const form = useRef<HTMLFormElement>(null);
  const values = useSignal<FormValues>(initial);
  const errors = useSignal<FieldErrors>({});
  useEffect(() => {
    if (form.current) values.value = valuesOf(form.current);
  }, [offered]);

  /** Typing into a field forgives it, and others that are right now. */
  const onInput = ({ target }: Event): void => {
    if (!form.current) return;
    values.value = valuesOf(form.current);
    onValues(values.value);
    const touched = nameOf(target);
    const wrong = errorsIn(values.value);
    errors.value = pick(errors.value, name => name !== touched && name in wrong);
  };
  /**
   * A field that is left says what is wrong with it. Not if that is for the button that sends the form: the line would move
   * the button away from the pointer, and the press would be lost. The form says it then.
   */
  const onFocusOut = ({ target, relatedTarget }: FocusEvent): void => {
    if (relatedTarget instanceof HTMLButtonElement && relatedTarget.type === 'submit') return;
    const left = nameOf(target);
    if (left === null || !form.current) return;
    const { [left]: text } = errorsIn(valuesOf(form.current));
    if (text !== undefined) errors.value = { ...errors.value, [left]: text };
  };
  const show = (wrong: FieldErrors): void => {
    errors.value = wrong;
    focusFirstError();
  };
  return { form, values, errors, onInput, onFocusOut, show };
}

function nameOf(target: EventTarget | null) {
  const isField = target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
  return isField && isFieldName(target.name) ? target.name : null;
}

const pick = (errors: FieldErrors, isKept: (name: string) => boolean): FieldErrors =>
  Object.fromEntries(Object.entries(errors).filter(([name]) => isKept(name)));

/** Waits until the errors are drawn. If the first is inside folded settings, they are unfolded. */
export function focusFirstError(): void {
  requestAnimationFrame(() => focusField(document.querySelector<HTMLElement>('[aria-invalid="true"]')));
}

export function focusField(field: HTMLElement | null): void {
  for (let folded = field?.closest('details'); folded; folded = folded.parentElement?.closest('details'))
    folded.setAttribute('open', '');
  field?.focus();
}
