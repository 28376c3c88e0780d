import { useSignal } from '@preact/signals';
import {
  type AggregationName,
  aggregationNames,
  aggregationTexts,
} from '../../../shared/protocol/aggregation-spec.ts';
import { MAX_DROP } from '../../../shared/protocol/run-spec.ts';
import { SelectField, TextField } from './field.tsx';
import type { FieldErrors } from './read-new-run-form.ts';

interface FieldsProps {
  readonly errors: FieldErrors;
}

/** What keeps harmful updates from spoiling the network, and what brings it back if they do. */
export function DefenceFields({ errors }: FieldsProps) {
  return (
    <>
      <AggregationFields errors={errors} />
      <label class="check">
        <input type="checkbox" name="holdsBack" defaultChecked />
        Hold back some training pictures, by which a referee tells harmful updates
      </label>
      <SelectField
        name="check"
        label="Check before publication"
        errors={errors}
        options={[
          ['if-present', 'if a referee is there'],
          ['always', 'always: each round waits for a referee'],
          ['off', 'never'],
        ]}
        hint="A referee measures each version on the held-back pictures before it is out, and one that is much worse is not published."
      />
      <TextField
        name="maxDrop"
        label="Largest fall, in points"
        value={Math.round(MAX_DROP * 100)}
        errors={errors}
        input={{ inputMode: 'decimal' }}
        hint="If a confirmed accuracy falls by more percentage points, the run returns to its best version by itself. 0: it never does."
      />
    </>
  );
}

/** How the updates of a round become one, with a sentence about the chosen rule. */
function AggregationFields({ errors }: FieldsProps) {
  const chosen = useSignal<AggregationName | ''>('');
  return (
    <>
      <SelectField
        name="aggregation"
        label="How updates are combined"
        errors={errors}
        onChange={name => (chosen.value = aggregationNames.find(known => known === name) ?? '')}
        options={[
          ['', 'the safest that this run can go by'],
          ...aggregationNames.map(name => [name, name] as const),
        ]}
        hint={chosen.value === '' ? SAFEST : aggregationTexts[chosen.value]}
      />
      <TextField
        name="bucket"
        label="Updates averaged before"
        value={1}
        errors={errors}
        input={{ inputMode: 'numeric' }}
        hint="Rules that compare updates see so many as one. It helps if volunteers have unlike pictures."
      />
    </>
  );
}

const SAFEST =
  'If training pictures are held back, each update counts as far as it points where a referee’s own points (fltrust). Otherwise the point counts that is nearest to all updates, or the clipped mean if they are few.';
