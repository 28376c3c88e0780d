import { useSignal } from '@preact/signals';
import type { TargetedSubmitEvent } from 'preact';
import { checkHostKey } from '../state/check-host-key.ts';
import { keepHostKey } from '../state/host-keys.ts';
import { otherNameOf } from '../state/invite-origin.ts';
import { hostWords } from '../words/host-words.ts';
import { ActError, useAct } from './use-act.tsx';

/** For the host on another device, or after the browser's data was cleared. A wrong key is told of here and not kept. */
export function HostKeyForm({ run }: { run: string }) {
  const words = hostWords();
  const wrong = useSignal<string | null>(null);
  const act = useAct();
  const keep = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const key = String(new FormData(event.currentTarget).get('key')).trim();
    wrong.value = key === '' ? words.keyEmpty : null;
    if (key === '') return;
    void act.run(async () => {
      if ((await checkHostKey(run, key)) === 'wrong') wrong.value = words.keyWrong;
      else keepHostKey(run, key);
    });
  };
  return (
    <details class="card host-key">
      <summary>{words.iAmHost}</summary>
      <WhereKeyIs />
      <form onSubmit={keep} noValidate>
        <label>
          {words.key}
          <input
            name="key"
            type="password"
            autocomplete="off"
            aria-invalid={wrong.value === null ? undefined : true}
            aria-describedby="host-key-error"
            onInput={() => (wrong.value = null)}
          />
        </label>
        <small id="host-key-error" class="field-error" role="alert" data-testid="host-key-error">
          {wrong.value}
        </small>
        <button type="submit" class="secondary" disabled={act.isBusy}>
          {act.isBusy ? words.keyChecking : words.useKey}
        </button>
      </form>
      <ActError act={act} />
    </details>
  );
}

/** Whoever made the run in this browser at another address has its key there. */
function WhereKeyIs() {
  const words = hostWords();
  const other = otherNameOf();
  if (other === null) return <p class="muted note">{words.keyIsWhereMade}</p>;
  return (
    <p class="note" data-testid="other-name">
      {words.keyAtOtherName(<a href={other}>{new URL(other).host}</a>)}
    </p>
  );
}
