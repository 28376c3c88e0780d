import { useSignal } from '@preact/signals';
import { zooNames } from '../../../shared/protocol/model-zoo.ts';
import { type PlanName, planNames } from '../../../shared/protocol/plan-spec.ts';
import {
  choiceText,
  type PlanSetting,
  planSettings,
  planSummary,
  settingHint,
} from '../../host/plan-settings.ts';
import { describedBy, FieldFrame, SelectField, TextField } from './field.tsx';
import { type FieldErrors, MOST_SEGMENTS, settingField } from './read-new-run-form.ts';

interface FieldsProps {
  readonly errors: FieldErrors;
}

/** Which network it is, how it is cut, and by which plan it learns. */
export function NetworkFields({ errors }: FieldsProps) {
  const plan = useSignal<PlanName>('layer-to-layer');
  const choose = (value: string): void => {
    plan.value = planNames.find(name => name === value) ?? plan.value;
  };
  return (
    <>
      <div class="field-row">
        <SelectField
          name="model"
          label="Network"
          errors={errors}
          options={zooNames.map(name => [name, name])}
        />
        <SegmentsField errors={errors} />
      </div>
      <FieldFrame
        name="ownModel"
        label="Or a network of your own"
        errors={errors}
        hint="Choose a model.json of TensorFlow.js or Keras together with the files of its weights."
      >
        <input type="file" multiple accept=".json,.bin" {...describedBy('ownModel', errors)} />
      </FieldFrame>
      <SelectField
        name="plan"
        label="Learning plan"
        errors={errors}
        options={planNames.map(name => [name, name])}
        onChange={choose}
        hint={planSummary(plan.value)}
      />
      <PlanSettings key={plan.value} plan={plan.value} errors={errors} />
    </>
  );
}

const segmentCounts = Array.from({ length: MOST_SEGMENTS - 1 }, (_, i) => String(i + 2));

const SegmentsField = ({ errors }: FieldsProps) => (
  <SelectField
    name="segments"
    label="Segments it is cut into"
    errors={errors}
    options={segmentCounts.map(count => [count, count])}
    hint="The network is cut so that training takes the least memory. Small networks have few places for a cut."
  />
);

/** These are folded away, because every setting has a default. */
function PlanSettings({ plan, errors }: FieldsProps & { plan: PlanName }) {
  return (
    <details class="plan-settings">
      <summary>Settings of {plan}</summary>
      <div class="field-row">
        {planSettings(plan).map(setting => (
          <SettingField key={setting.name} setting={setting} errors={errors} />
        ))}
      </div>
    </details>
  );
}

function SettingField({ setting, errors }: FieldsProps & { setting: PlanSetting }) {
  const common = {
    name: settingField(setting.name),
    label: setting.text.label,
    hint: settingHint(setting),
    errors,
  };
  if (setting.kind === 'choice')
    return (
      <SelectField
        {...common}
        options={setting.choices.map(choice => [choice, choiceText(setting, choice)])}
      />
    );
  const inputMode = setting.isWhole ? 'numeric' : 'decimal';
  return <TextField {...common} value="" input={{ inputMode, placeholder: String(setting.standard) }} />;
}
