import {
  type Dataset,
  datasetClasses,
  exampleKind,
  splitExamples,
} from '../../../shared/protocol/dataset.ts';
import type { Ownership } from '../../../shared/protocol/ownership.ts';
import type { RunListing } from '../../../shared/protocol/run-list.ts';
import { usualVisibility } from '../../../shared/protocol/visibility.ts';
import { defaultGlyphs, defaultTarget } from '../../host/default-spec.ts';
import { dataHref } from '../state/router.ts';
import { formatCount, formatDay, formatNumber } from '../ui/format.ts';
import { LinkButton } from '../ui/link-button.tsx';
import { newRunWords } from '../words/new-run-words.ts';
import { CheckField, SelectField, TextField } from './field.tsx';
import { useForm } from './form-context.ts';
import { datasetOf, defaults } from './read-new-run-form.ts';
import { freeName } from './suggest-run-name.ts';

export const whole = { inputMode: 'numeric' } as const;
export const decimal = { inputMode: 'decimal' } as const;

interface RunFieldsProps {
  readonly datasets: readonly Dataset[];
  readonly runs: readonly RunListing[];
  readonly suggestedName: string;
  readonly creation: Ownership['creation'] | null;
}

/** What the run is called, which pictures it learns, and how long. */
export function RunFields(props: RunFieldsProps) {
  const words = newRunWords();
  return (
    <section class="card" aria-label={words.theRun}>
      <NameField {...props} />
      <DataFields datasets={props.datasets} />
      <div class="field-row">
        <TextField name="rounds" label={words.rounds} value={defaults.rounds} input={whole} />
        <TextField
          name="minVolunteers"
          label={words.minVolunteers}
          value={defaults.minVolunteers}
          input={whole}
          hint={words.minVolunteersHint}
        />
        <TextField
          name="updatesPerRound"
          label={words.updates}
          value={defaults.updatesPerRound}
          input={whole}
          hint={words.updatesHint}
        />
      </div>
      <VisibilityField creation={props.creation} />
    </section>
  );
}

/** The first choice is what is usual on this platform. */
function VisibilityField({ creation }: Pick<RunFieldsProps, 'creation'>) {
  const words = newRunWords();
  const usual = usualVisibility(creation ?? 'closed');
  const other = usual === 'public' ? 'unlisted' : 'public';
  return (
    <SelectField
      name="visibility"
      label={words.visibility}
      options={[
        ['', words.visibilities[usual]],
        [other, words.visibilities[other]],
      ]}
      hint={words.visibilityHint}
    />
  );
}

/** An empty name is none that is missing: the run gets the one that is shown. */
function NameField({ runs, suggestedName }: RunFieldsProps) {
  const words = newRunWords();
  const typed = (useForm().values.name ?? '').trim();
  const other = runs.find(({ name }) => name === typed);
  return (
    <>
      <TextField
        name="name"
        label={words.name}
        value=""
        input={{ placeholder: suggestedName, maxLength: 80 }}
        hint={words.nameHint}
      />
      <div aria-live="polite">
        {other && (
          <p class="note" data-testid="name-taken">
            {words.nameTaken(formatDay(other.createdAt), other.run.slice(0, 4))}{' '}
            <TakeName
              name={freeName(
                typed,
                runs.map(run => run.name),
              )}
            />
          </p>
        )}
      </div>
    </>
  );
}

function TakeName({ name }: { name: string }) {
  const take = (): void => {
    const field = document.querySelector<HTMLInputElement>('#field-name');
    if (!field) return;
    field.value = name;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.focus();
  };
  return <LinkButton text={newRunWords().takeName(name)} onClick={take} />;
}

/** The target follows the data: each data set has its own good accuracy. */
function DataFields({ datasets }: Pick<RunFieldsProps, 'datasets'>) {
  const words = newRunWords();
  const { initial, values } = useForm();
  const others = datasets.filter(({ name }) => name !== 'glyphs');
  const glyphs = datasets.find(({ name }) => name === 'glyphs') ?? defaultGlyphs(0);
  const options = [glyphs, ...others].map(set => [set.name, describeDataset(set)] as const);
  const wanted = initial.dataset;
  // Until the platform has listed its data sets, the wanted one is only a name.
  const isListed = wanted === undefined || options.some(([name]) => name === wanted);
  const { name } = datasetOf(values, datasets);
  return (
    <>
      <SelectField
        name="dataset"
        label={words.data}
        options={isListed ? options : [...options, [wanted, wanted]]}
        hint={
          <>
            {name === 'glyphs' && words.glyphsHint} <a href={dataHref}>{words.ownData}</a>
          </>
        }
      />
      <div class="field-row">
        <TextField
          name="targetAccuracy"
          label={words.target}
          value=""
          input={{ ...decimal, placeholder: formatNumber(defaultTarget(name) * 100) }}
        />
        <CheckField name="stopAtTarget" label={words.stopAtTarget} />
      </div>
    </>
  );
}

function describeDataset(dataset: Dataset): string {
  const words = newRunWords();
  const [examples, classes] = [formatCount(splitExamples(dataset, 'train')), datasetClasses(dataset)];
  return words.dataOption(dataset.name, examples, exampleKind(dataset), formatCount(classes));
}
