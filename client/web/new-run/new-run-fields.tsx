import { useSignal } from '@preact/signals';
import { type Dataset, datasetClasses, splitExamples } from '../../../shared/protocol/dataset.ts';
import { KEPT_ROUNDS } from '../../../shared/protocol/run-spec.ts';
import { defaultGlyphs, defaultTarget } from '../../host/default-spec.ts';
import { formatCount } from '../ui/format.ts';
import { DefenceFields } from './defence-fields.tsx';
import { describedBy, FieldFrame, SelectField, TextField } from './field.tsx';
import { NetworkFields } from './plan-fields.tsx';
import type { FieldErrors } from './read-new-run-form.ts';

interface FieldsProps {
  readonly errors: FieldErrors;
}

const describeDataset = (dataset: Dataset): string =>
  `${dataset.name}: ${formatCount(splitExamples(dataset, 'train'))} pictures, ${datasetClasses(dataset)} classes`;

const whole = { inputMode: 'numeric' } as const;
const decimal = { inputMode: 'decimal' } as const;

export function MainFields({ errors, datasets }: FieldsProps & { datasets: readonly Dataset[] }) {
  return (
    <section class="card" aria-label="The run">
      <TextField
        name="name"
        label="Name"
        value=""
        errors={errors}
        input={{ placeholder: 'Digits of room 12' }}
      />
      <DataFields errors={errors} datasets={datasets} />
      <NetworkFields errors={errors} />
      <div class="field-row">
        <TextField name="rounds" label="Rounds" value={20} errors={errors} input={whole} />
        <TextField
          name="minVolunteers"
          label="Volunteers to wait for"
          value={1}
          errors={errors}
          input={whole}
          hint="Training starts when this many have joined."
        />
        <TextField
          name="updatesPerRound"
          label="Updates a round"
          value={4}
          errors={errors}
          input={whole}
          hint="A round waits for fewer if fewer volunteers are here."
        />
      </div>
    </section>
  );
}

/** The target follows the data: each data set has its own good accuracy. */
function DataFields({ errors, datasets }: FieldsProps & { datasets: readonly Dataset[] }) {
  const chosen = useSignal('glyphs');
  const all = [defaultGlyphs(0), ...datasets.filter(({ name }) => name !== 'glyphs')];
  return (
    <>
      <SelectField
        name="dataset"
        label="Pictures"
        errors={errors}
        onChange={name => (chosen.value = name)}
        options={all.map(dataset => [dataset.name, describeDataset(dataset)])}
        hint={
          <>
            Glyphs are drawn on the spot. Add your own pictures with{' '}
            <code>npx homeroom dataset import …</code>
          </>
        }
      />
      <div class="field-row">
        <TextField
          key={chosen.value}
          name="targetAccuracy"
          label="Target accuracy, %"
          value={Math.round(defaultTarget(chosen.value) * 100)}
          errors={errors}
          input={decimal}
        />
        <label class="check">
          <input type="checkbox" name="stopAtTarget" />
          Stop when the target is reached: a referee must confirm it, or two volunteers who have helped
        </label>
      </div>
    </>
  );
}

export function AdvancedFields({ errors }: FieldsProps) {
  return (
    <details class="card advanced">
      <summary>More settings</summary>
      <div class="field-row">
        <TextField
          name="seed"
          label="Seed"
          value={1}
          errors={errors}
          input={whole}
          hint="Runs with the same seed begin with the same network and the same pictures."
        />
        <TextField name="batch" label="Batch size" value={32} errors={errors} input={whole} />
        <TextField
          name="learningRate"
          label="Learning rate"
          value=""
          errors={errors}
          input={{ ...decimal, placeholder: 'what suits the network' }}
          hint="This is the rate of the first round. It falls to zero over the rounds."
        />
      </div>
      <div class="field-row">
        <TextField
          name="joinCode"
          label="Join code"
          value=""
          errors={errors}
          hint="If this is empty, the link is enough to join."
        />
        <SelectField
          name="roundPolicy"
          label="Updates that come late"
          errors={errors}
          options={[
            ['buffered', 'count in the next round, a little less'],
            ['synchronous', 'are refused: each round is of its own updates'],
          ]}
        />
        <SelectField
          name="evaluators"
          label="Who tests new versions"
          errors={errors}
          options={[
            ['volunteers', 'any volunteer'],
            ['referees', 'only referees, who hold the host key'],
          ]}
        />
        <DefenceFields errors={errors} />
        <TextField
          name="keepRounds"
          label="Rounds for which updates are kept"
          value={KEPT_ROUNDS}
          errors={errors}
          input={whole}
          hint="So many of the newest versions can be recomputed by anyone. 0: all of them, for good."
        />
      </div>
    </details>
  );
}

/** Shown only after the deployment has said that it wants the key. */
export function DeploymentKeyField({ errors }: FieldsProps) {
  return (
    <section class="card" aria-label="Deployment key">
      <FieldFrame
        name="deploymentKey"
        label="Deployment key"
        errors={errors}
        hint="The person who set up this deployment knows it. It is sent with this request and not kept."
      >
        <input type="password" autocomplete="off" {...describedBy('deploymentKey', errors)} />
      </FieldFrame>
    </section>
  );
}
