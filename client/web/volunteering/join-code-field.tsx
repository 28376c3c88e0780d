import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { volunteerWords } from '../words/volunteer-words.ts';

interface JoinCodeFieldProps {
  readonly isRequired: boolean;
  /** The code that the platform did not take, as it was typed. Null if none was tried. */
  readonly wrong: string | null;
}

/** A code that was wrong stands there selected, so that one goes on typing, and what is wrong is said below it. */
export function JoinCodeField({ isRequired, wrong }: JoinCodeFieldProps) {
  const words = volunteerWords();
  const isWrong = useSignal(wrong !== null);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    isWrong.value = wrong !== null;
    if (wrong === null) return;
    field.current?.focus();
    field.current?.select();
  }, [wrong]);
  return (
    <div class="field">
      <label for="join-code">{isRequired ? words.code : words.codeOptional}</label>
      <input
        id="join-code"
        name="code"
        ref={field}
        required={isRequired}
        maxLength={40}
        defaultValue={wrong ?? ''}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        aria-invalid={isWrong.value ? true : undefined}
        aria-describedby="join-code-error"
        onInput={() => (isWrong.value = false)}
      />
      <small id="join-code-error" class="field-error" role="alert" data-testid="join-code-error">
        {isWrong.value && (wrong === '' ? words.codeMissing : words.codeWrong)}
      </small>
    </div>
  );
}
