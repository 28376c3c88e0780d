import { JOIN_CODE_LENGTH } from '../../../shared/protocol/join-code.ts';
import { KEPT_ROUNDS } from '../../../shared/protocol/run-spec.ts';
import { UnownedNote } from '../ui/unowned-note.tsx';
import { newRunWords } from '../words/new-run-words.ts';
import { DefenceFields } from './defence-fields.tsx';
import { describedBy, FieldFrame, SelectField, TextField } from './field.tsx';
import { useForm } from './form-context.ts';
import { defaults } from './read-new-run-form.ts';
import { decimal, whole } from './run-fields.tsx';

/** What hardly anybody changes. */
export function AdvancedFields() {
  const words = newRunWords();
  return (
    <details class="card advanced">
      <summary>{words.more}</summary>
      <div class="field-row">
        <TextField name="seed" label={words.seed} value={defaults.seed} input={whole} hint={words.seedHint} />
        <TextField name="batch" label={words.batch} value={defaults.batch} input={whole} />
        <TextField
          name="learningRate"
          label={words.rate}
          value=""
          input={{ ...decimal, placeholder: words.rateEmpty }}
          hint={words.rateHint}
        />
      </div>
      <div class="field-row">
        <TextField
          name="joinCode"
          label={words.joinCode}
          value=""
          hint={words.joinCodeHint(`${JOIN_CODE_LENGTH.min}`)}
        />
        <SelectField
          name="roundPolicy"
          label={words.late}
          options={[
            ['buffered', words.lateBuffered],
            ['synchronous', words.lateSynchronous],
          ]}
        />
        <SelectField
          name="evaluators"
          label={words.evaluators}
          options={[
            ['volunteers', words.anyVolunteer],
            ['referees', words.onlyReferees],
          ]}
        />
        <DefenceFields />
        <TextField
          name="keepRounds"
          label={words.keepRounds}
          value={KEPT_ROUNDS}
          input={whole}
          hint={words.keepRoundsHint}
        />
      </div>
    </details>
  );
}

/** Shown only after the deployment has said that it wants the key. */
export function DeploymentKeyField() {
  const words = newRunWords();
  const { errors } = useForm();
  return (
    <section class="card" aria-label={words.deploymentKey}>
      <FieldFrame name="deploymentKey" label={words.deploymentKey} hint={words.deploymentKeyHint}>
        <input type="password" autocomplete="off" {...describedBy('deploymentKey', errors)} />
      </FieldFrame>
      <UnownedNote />
    </section>
  );
}
