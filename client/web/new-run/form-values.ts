import * as z from 'zod';

/** What a form holds, by the names of its fields. A checkbox is `on` or `off`. Files and keys are not in it. */
export type FormValues = Readonly<Record<string, string>>;

export const formValuesSchema = z.record(z.string(), z.string());

/** Reads what is typed and chosen now. */
export function valuesOf(form: HTMLFormElement): FormValues {
  const typed = [...new FormData(form)].flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  );
  const boxes = [...form.querySelectorAll<HTMLInputElement>('input[type=checkbox][name]')].map(
    ({ name, checked }) => [name, checked ? 'on' : 'off'] as const,
  );
  return Object.fromEntries([...typed, ...boxes]);
}
