import { aggregationNames } from '../../../shared/protocol/aggregation-spec.ts';
import { MAX_DROP } from '../../../shared/protocol/run-spec.ts';
import { newRunWords } from '../words/new-run-words.ts';
import { CheckField, SelectField, TextField } from './field.tsx';
import { useForm } from './form-context.ts';
import { decimal, whole } from './run-fields.tsx';

/** What keeps harmful updates from spoiling the network, and what brings it back if they do. */
export function DefenceFields() {
  const words = newRunWords();
  return (
    <>
      <AggregationFields />
      <CheckField name="holdsBack" label={words.holdsBack} isChecked />
      <SelectField
        name="check"
        label={words.check}
        options={[
          ['if-present', words.checkIfPresent],
          ['always', words.checkAlways],
          ['off', words.checkNever],
        ]}
        hint={words.checkHint}
      />
      <TextField
        name="maxDrop"
        label={words.maxDrop}
        value={Math.round(MAX_DROP * 100)}
        input={decimal}
        hint={words.maxDropHint}
      />
    </>
  );
}

/** How the updates of a round become one, with a sentence about the chosen rule. */
function AggregationFields() {
  const words = newRunWords();
  const { values } = useForm();
  const chosen = aggregationNames.find(name => name === values.aggregation);
  return (
    <>
      <SelectField
        name="aggregation"
        label={words.aggregation}
        options={[['', words.safest], ...aggregationNames.map(name => [name, name] as const)]}
        hint={chosen ? words.aggregationText(chosen) : words.safestHint}
      />
      <TextField name="bucket" label={words.bucket} value={1} input={whole} hint={words.bucketHint} />
    </>
  );
}
