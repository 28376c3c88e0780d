import { useSignal } from '@preact/signals';
import type { TargetedSubmitEvent } from 'preact';
import { goTo, readRunLink, runHref } from '../state/router.ts';
import { homeWords } from '../words/home-words.ts';

/** For somebody who has read an id on a blackboard, or got a link in a message. */
export function OpenRun() {
  const words = homeWords();
  const error = useSignal<string | null>(null);
  const open = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const run = readRunLink(String(new FormData(event.currentTarget).get('run')));
    if (run) goTo(runHref(run));
    error.value = run ? null : words.noRunLink;
  };
  return (
    <form class="open-run" onSubmit={open} noValidate>
      <label for="open-run">{words.openByLink}</label>
      {/* biome-ignore lint/a11y/useSemanticElements: Pico's joined field and button are this role; a fieldset would need a legend */}
      <div role="group">
        <input
          id="open-run"
          name="run"
          autocomplete="off"
          aria-invalid={error.value ? true : undefined}
          aria-describedby="open-run-error"
        />
        <button type="submit">{words.open}</button>
      </div>
      <small id="open-run-error" class="field-error" role="alert">
        {error.value}
      </small>
    </form>
  );
}
