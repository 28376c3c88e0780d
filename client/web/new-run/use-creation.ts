import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Dataset } from '../../../shared/protocol/dataset.ts';
import { errorText } from '../../../shared/protocol/error-text.ts';
import { RefusedError } from '../../platform/call-platform.ts';
import { platformClient } from '../state/platform-client.ts';
import { goTo, runHref } from '../state/router.ts';
import { type CreatedInPage, type CreationProgress, createInPage } from './create-in-page.ts';
import { type FieldErrors, type FieldName, readNewRunForm } from './read-new-run-form.ts';
import { readOwnModel } from './read-own-model.ts';

/** The state of the form that makes a run, and what its buttons do. */
export function useCreation() {
  const datasets = useDatasets();
  const errors = useSignal<FieldErrors>({});
  const refusal = useSignal<string | null>(null);
  const needsKey = useSignal(false);
  const progress = useSignal<CreationProgress | null>(null);
  /** A run whose network was changed. Its host reads what was changed before going on. */
  const changed = useSignal<CreatedInPage | null>(null);

  /** Ends on the run's page, or with what was changed about the network, or with errors at their fields, or with the platform's refusal. */
  const create = async (form: FormData): Promise<void> => {
    const reading = readNewRunForm(form, datasets.value);
    errors.value = reading.ok ? {} : reading.errors;
    refusal.value = null;
    if (!reading.ok) return focusFirstError();
    try {
      const { ok: _, ownModel, ...choices } = reading;
      const own = ownModel.length > 0 ? await readOwnModel(ownModel) : {};
      const created = await createInPage(
        { ...choices, ...own },
        { onProgress: now => (progress.value = now) },
      );
      if (created.notes.length > 0) changed.value = created;
      else goTo(runHref(created.run));
    } catch (error) {
      if (isModelRefusal(error))
        return tellAtField(reading.ownModel.length > 0 ? 'ownModel' : 'segments', error);
      refusal.value = errorText(error);
      needsKey.value ||= error instanceof RefusedError && error.reason === 'creation-closed';
    } finally {
      progress.value = null;
    }
  };
  const tellAtField = (field: FieldName, error: Error): void => {
    errors.value = { [field]: `${errorText(error)}.` };
    focusFirstError();
  };
  /** An error disappears as soon as its field is changed. */
  const forgive = ({ target }: Event): void => {
    const isField = target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
    if (!isField || !(target.name in errors.value)) return;
    const { [target.name as FieldName]: _, ...others } = errors.value;
    errors.value = others;
  };
  return { datasets, errors, refusal, needsKey, progress, changed, create, forgive };
}

/** Whether the error says that the network cannot be cut like this, or cannot be trained. */
const isModelRefusal = (error: unknown): error is Error =>
  error instanceof Error && error.name === 'ModelRefusal';

/** If the list does not come, the built-in data set is still there. */
function useDatasets() {
  const datasets = useSignal<readonly Dataset[]>([]);
  useEffect(() => {
    platformClient.listDatasets().then(
      listed => (datasets.value = listed),
      () => {},
    );
  }, []);
  return datasets;
}

/** Waits until the errors are drawn. If the first is inside folded settings, they are unfolded. */
function focusFirstError(): void {
  requestAnimationFrame(() => {
    const field = document.querySelector<HTMLElement>('[aria-invalid="true"]');
    field?.closest('details')?.setAttribute('open', '');
    field?.focus();
  });
}
