import type { TargetedSubmitEvent } from 'preact';
import { goTo, runHref } from '../state/router.ts';
import { useTitle } from '../state/use-title.ts';
import type { CreatedInPage, CreationProgress } from './create-in-page.ts';
import { AdvancedFields, DeploymentKeyField, MainFields } from './new-run-fields.tsx';
import { useCreation } from './use-creation.ts';

/** The form that makes a run. */
export function NewRunPage() {
  const creation = useCreation();
  useTitle('New run');
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    void creation.create(new FormData(event.currentTarget));
  };

  if (creation.changed.value) return <ChangedNetwork {...creation.changed.value} />;
  return (
    <form class="new-run" onSubmit={submit} onInput={creation.forgive} noValidate>
      <hgroup>
        <h1>New run</h1>
        <p>Choose a network, pictures and how long to train. Everything has a sensible default.</p>
      </hgroup>
      <MainFields errors={creation.errors.value} datasets={creation.datasets.value} />
      <AdvancedFields errors={creation.errors.value} />
      {creation.needsKey.value && <DeploymentKeyField errors={creation.errors.value} />}
      <Outcome refusal={creation.refusal.value} progress={creation.progress.value} />
      <button type="submit" disabled={creation.progress.value !== null} data-testid="create-run">
        Create the run
      </button>
      <small class="muted">
        This browser will keep the host key. You need it to pause, resume and finish the run.
      </small>
    </form>
  );
}

/** The run is open. What was changed about its network stays here until its host goes on. */
function ChangedNetwork({ run, notes }: CreatedInPage) {
  return (
    <section class="new-run" aria-live="polite">
      <hgroup>
        <h1>The run is open</h1>
        <p>Your network trains with these changes:</p>
      </hgroup>
      <ul data-testid="network-notes">
        {notes.map(note => (
          <li key={note}>{note}</li>
        ))}
      </ul>
      <button type="button" onClick={() => goTo(runHref(run))} data-testid="to-run">
        Go to the run
      </button>
    </section>
  );
}

function Outcome({ refusal, progress }: { refusal: string | null; progress: CreationProgress | null }) {
  return (
    <div aria-live="polite">
      {refusal && (
        <p class="error" role="alert" data-testid="refusal">
          {refusal}
        </p>
      )}
      {progress && (
        <p class="creation-progress">
          {progress.text}
          <progress
            {...(progress.share === null ? {} : { value: progress.share })}
            max={1}
            aria-label={progress.text}
          />
        </p>
      )}
    </div>
  );
}
