import type { TargetedSubmitEvent } from 'preact';
import { useRef } from 'preact/hooks';
import { estimateRun, type RunEstimate } from '../../host/estimate-run.ts';
import { LinkButton } from '../ui/link-button.tsx';
import { StorageNote } from '../ui/storage-note.tsx';
import { newRunWords } from '../words/new-run-words.ts';
import { AdvancedFields, DeploymentKeyField } from './advanced-fields.tsx';
import { outlineOf } from './check-network-fields.ts';
import { CreationOutcome } from './creation-outcome.tsx';
import { keepDraft } from './draft.ts';
import { ErrorSummary } from './error-summary.tsx';
import { EstimatePanel } from './estimate-panel.tsx';
import type { FieldErrors } from './field-names.ts';
import { FormProvider } from './form-context.ts';
import type { FormValues } from './form-values.ts';
import { NetworkFields } from './network/network-fields.tsx';
import { type OwnModelState, useOwnModel } from './own-model/use-own-model.ts';
import { datasetOf, type FormKnowledge, type FormReading, readNewRunForm } from './read-new-run-form.ts';
import { withReadyMade } from './ready-made.ts';
import { RunFields } from './run-fields.tsx';
import { suggestRunName } from './suggest-run-name.ts';
import type { useCreation } from './use-creation.ts';
import { useFormState } from './use-form-state.ts';
import { type PlatformLists, usePlatformLists } from './use-platform-lists.ts';
import type { FormStart } from './use-start.ts';

interface NewRunFormProps {
  readonly start: FormStart;
  readonly creation: ReturnType<typeof useCreation>;
  startAnew(): void;
}

export function NewRunForm({ start, creation, startAnew }: NewRunFormProps) {
  const words = newRunWords();
  const { datasets, runs, storage, creation: who, known, read, own, state } = useNewRun(start);
  const [values, reading] = [state.values.value, read(state.values.value)];
  const dataset = datasetOf(values, datasets);
  const { failure, progress, needsKey } = creation;
  const errors = { ...state.errors.value, ...ownProblem(own), ...failure.value.errors };
  const isBusy = progress.value !== null;
  const estimate = useEstimate(reading, own);

  const submit = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (isBusy) return;
    const now = read(values);
    const wrong = { ...(now.ok ? {} : now.errors), ...ownProblem(own), ...ownUnread(own) };
    state.show(wrong);
    if (now.ok && Object.keys(wrong).length === 0) void creation.create(now.choices);
  };
  const input = (event: Event): void => {
    creation.forgive();
    state.onInput(event);
  };

  return (
    <FormProvider value={{ initial: start.initial, values, errors }}>
      <form
        class="new-run"
        ref={state.form}
        onSubmit={submit}
        onInput={input}
        onChange={input}
        onFocusOut={state.onFocusOut}
        noValidate
      >
        <hgroup>
          <h1>{words.title}</h1>
          <p>{words.intro}</p>
        </hgroup>
        <QuickStart isBusy={isBusy} onStart={() => void creation.createQuick()} />
        <StartNotes start={start} startAnew={startAnew} />
        <RunFields
          {...{ datasets, runs, creation: who }}
          suggestedName={suggestRunName({ ...known, dataset: dataset.name })}
        />
        <NetworkFields dataset={dataset} reading={reading} own={own} />
        <AdvancedFields />
        {needsKey.value && <DeploymentKeyField />}
        <EstimatePanel {...estimate} />
        <ErrorSummary errors={errors} />
        <CreationOutcome text={failure.value.text} progress={progress.value} onCancel={creation.cancel} />
        <button type="submit" aria-disabled={isBusy} data-testid="create-run">
          {words.create}
        </button>
        <small class="muted">{words.keyKept}</small>
        <StorageNote storage={storage} />
      </form>
    </FormProvider>
  );
}

/** All that the form is read with, and the state of its fields. */
function useNewRun(start: FormStart) {
  const { datasets: listed, runs, storage, creation, hasDatasets } = usePlatformLists();
  const datasets = withReadyMade(start.base ? [start.base.dataset, ...listed] : listed);
  const now = useRef(new Date());
  const taken = runs.map(({ name }) => name);
  const knowledge = { datasets, taken, now: now.current, base: start.base, creation };
  const latest = useRef<FormKnowledge>({ ...knowledge, ownModel: null });
  const read = (values: FormValues): FormReading =>
    withDataset(readNewRunForm(values, latest.current), values, { datasets, hasDatasets });
  const state = useFormState(
    start.initial,
    values => {
      const reading = read(values);
      return reading.ok ? {} : reading.errors;
    },
    values => keepDraft({ values, from: start.from, hadFiles: latest.current.ownModel !== null }),
    listed,
  );
  latest.current = { ...knowledge, ownModel: latest.current.ownModel };
  const reading = read(state.values.value);
  const own = useOwnModel(reading.ok ? { spec: reading.spec, segments: reading.segments } : null);
  latest.current = { ...knowledge, ownModel: own.model };
  return { datasets, runs, storage, creation, known: knowledge, read, own, state };
}

/** An address or a draft may name a data set that this platform does not have. */
function withDataset(
  reading: FormReading,
  values: FormValues,
  { datasets, hasDatasets }: Pick<PlatformLists, 'datasets' | 'hasDatasets'>,
): FormReading {
  const name = values.dataset ?? 'glyphs';
  if (!hasDatasets || name === 'glyphs' || datasets.some(dataset => dataset.name === name)) return reading;
  const errors = reading.ok ? {} : reading.errors;
  return { ok: false, errors: { ...errors, dataset: newRunWords().noSuchDataset(name) } };
}

const ownProblem = ({ problem }: OwnModelState): FieldErrors =>
  problem === null ? {} : { ownModel: problem };

/** Before it is read nobody knows that the run is to have it. */
const ownUnread = ({ isBusy, model }: OwnModelState): FieldErrors =>
  isBusy && !model ? { ownModel: newRunWords().own.reading } : {};

/** While something is wrong, the estimate is that of the last form that was right. */
function useEstimate(reading: FormReading, own: OwnModelState) {
  const last = useRef<{ estimate: RunEstimate | null; rounds: number }>({ estimate: null, rounds: 0 });
  if (reading.ok) {
    const { spec, segments, choices } = reading;
    const outline = own.model ? own.outline : outlineOf(spec, choices.model, segments);
    last.current = {
      estimate: outline && estimateRun(spec, outline, choices.holdsBack ?? true),
      rounds: spec.rounds,
    };
  }
  return last.current;
}

function QuickStart({ isBusy, onStart }: { isBusy: boolean; onStart: () => void }) {
  const words = newRunWords();
  return (
    <p>
      {words.quick}{' '}
      <LinkButton text={words.quickStart} isBusy={isBusy} onClick={onStart} testId="quick-run" />
    </p>
  );
}

/** Where the values are from, and a way out of a draft. */
function StartNotes({ start, startAnew }: Pick<NewRunFormProps, 'start' | 'startAnew'>) {
  if (start.notes.length === 0) return null;
  return (
    <p class="note" data-testid="start-notes">
      {start.notes.join(' ')}{' '}
      {start.isDraft && <LinkButton text={newRunWords().startAnew} onClick={startAnew} />}
    </p>
  );
}
