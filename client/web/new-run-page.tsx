import { useSignal } from '@preact/signals';
import type { TargetedSubmitEvent } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Dataset } from '../../shared/datasets/dataset.ts';
import { RefusedError } from '../volunteer/homeroom-client.ts';
import { type CreationProgress, createInPage } from './create-in-page.ts';
import { AdvancedFields, DeploymentKeyField, MainFields } from './new-run-fields.tsx';
import { type FieldErrors, type FieldName, readNewRunForm } from './new-run-form.ts';
import { describeError, platformClient } from './platform-client.ts';
import { goTo, runHref } from './router.ts';
import { useTitle } from './use-title.ts';

/** The form that makes a run. */
export function NewRunPage() {
  const datasets = useSignal<readonly Dataset[]>([]);
  const errors = useSignal<FieldErrors>({});
  const refusal = useSignal<string | null>(null);
  const needsKey = useSignal(false);
  const progress = useSignal<CreationProgress | null>(null);
  useTitle('New run');
  useEffect(() => {
    // Without the list the built-in set is there still.
    platformClient.listDatasets().then(
      listed => (datasets.value = listed),
      () => {},
    );
  }, []);

  const create = async (form: FormData): Promise<void> => {
    const reading = readNewRunForm(form, datasets.value);
    errors.value = reading.ok ? {} : reading.errors;
    refusal.value = null;
    if (!reading.ok) return focusFirstError();
    try {
      goTo(runHref(await createInPage(reading, now => (progress.value = now))));
    } catch (error) {
      refusal.value = describeError(error);
      needsKey.value ||= error instanceof RefusedError && error.reason === 'creation-closed';
    } finally {
      progress.value = null;
    }
  };
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    void create(new FormData(event.currentTarget));
  };
  /** An error goes as soon as its field is touched. */
  const forgive = ({ target }: Event): void => {
    if (!(target instanceof HTMLInputElement) || !(target.name in errors.value)) return;
    const { [target.name as FieldName]: _, ...others } = errors.value;
    errors.value = others;
  };

  return (
    <form class="new-run" onSubmit={submit} onInput={forgive} noValidate>
      <hgroup>
        <h1>New run</h1>
        <p>A network, pictures to learn from, and how long to train. Everything has a sensible default.</p>
      </hgroup>
      <MainFields errors={errors.value} datasets={datasets.value} />
      <AdvancedFields errors={errors.value} />
      {needsKey.value && <DeploymentKeyField errors={errors.value} />}
      <Outcome refusal={refusal.value} progress={progress.value} />
      <button type="submit" disabled={progress.value !== null} data-testid="create-run">
        Create the run
      </button>
      <small class="muted">
        This browser will hold the host key, with which you pause, resume and finish the run.
      </small>
    </form>
  );
}

/** After the errors are drawn; an error inside the folded settings unfolds them. */
function focusFirstError(): void {
  requestAnimationFrame(() => {
    const field = document.querySelector<HTMLElement>('[aria-invalid="true"]');
    field?.closest('details')?.setAttribute('open', '');
    field?.focus();
  });
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
