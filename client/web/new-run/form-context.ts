import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { FieldErrors } from './field-names.ts';
import type { FormValues } from './form-values.ts';

/** What each field of the form knows. */
export interface FormNow {
  readonly initial: FormValues;
  /** What is typed and chosen now. */
  readonly values: FormValues;
  readonly errors: FieldErrors;
}

const Form = createContext<FormNow>({ initial: {}, values: {}, errors: {} });

export const FormProvider = Form.Provider;
export const useForm = (): FormNow => useContext(Form);
