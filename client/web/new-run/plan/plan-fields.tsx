import { type PlanName, planNames } from '../../../../shared/protocol/plan-spec.ts';
import { type PlanSetting, planSettings } from '../../../host/plan-settings.ts';
import { formatNumber } from '../../ui/format.ts';
import { newRunWords } from '../../words/new-run-words.ts';
import { plansWords } from '../../words/plans-words.ts';
import { ChoiceCard, ChoiceGroup } from '../choice-cards.tsx';
import { SelectField, TextField } from '../field.tsx';
import { settingField } from '../field-names.ts';
import { useForm } from '../form-context.ts';
import { planNameOf } from '../read-new-run-form.ts';
import { PlanDrawing, PlanLegend } from './plan-drawing.tsx';

/** By which plan the network learns: a sentence and a drawing each. */
export function PlanFields() {
  const words = newRunWords();
  const { values } = useForm();
  const chosen = planNameOf(values);
  return (
    <>
      <ChoiceGroup name="plan" legend={words.plan}>
        {planNames.map(plan => (
          <ChoiceCard
            key={plan}
            name="plan"
            value={plan}
            standard="layer-to-layer"
            title={plan}
            text={plansWords().sentence(plan)}
          >
            <PlanDrawing plan={plan} />
          </ChoiceCard>
        ))}
      </ChoiceGroup>
      <PlanLegend />
      <PlanSettings key={chosen} plan={chosen} />
    </>
  );
}

/** These are folded away, because every setting has a default. */
function PlanSettings({ plan }: { plan: PlanName }) {
  return (
    <details class="plan-settings">
      <summary>{newRunWords().settingsOf(plan)}</summary>
      <div class="field-row">
        {planSettings(plan).map(setting => (
          <SettingField key={setting.name} setting={setting} />
        ))}
      </div>
    </details>
  );
}

function SettingField({ setting }: { setting: PlanSetting }) {
  const words = plansWords();
  const common = {
    name: settingField(setting.name),
    label: words.label(setting),
    hint: words.hint(setting),
  };
  if (setting.kind === 'choice')
    return (
      <SelectField
        {...common}
        value={setting.standard}
        options={setting.choices.map(choice => [choice, words.choice(setting, choice)])}
      />
    );
  const inputMode = setting.isWhole ? 'numeric' : 'decimal';
  return (
    <TextField {...common} value="" input={{ inputMode, placeholder: formatNumber(setting.standard) }} />
  );
}
