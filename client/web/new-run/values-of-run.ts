import type { RunInfo } from '../../../shared/protocol/messages.ts';
import { bodySegments } from '../../../shared/protocol/model-outline.ts';
import { zooNames } from '../../../shared/protocol/model-zoo.ts';
import type { RunSpec } from '../../../shared/protocol/run-spec.ts';
import { formatNumber } from '../ui/format.ts';
import { settingField } from './field-names.ts';
import type { FormValues } from './form-values.ts';

/** Whether the network of a run is one that its host brought. */
export const isOwnNetwork = (model: string): boolean => !zooNames.includes(model);

/** A run's settings as they would be typed. The name is left empty: a second run of one name helps nobody. */
export function valuesOfRun({ spec, model }: Pick<RunInfo, 'spec' | 'model'>): FormValues {
  const { training, policy } = spec;
  return {
    name: '',
    dataset: spec.dataset.name,
    model: isOwnNetwork(model.name) ? '' : model.name,
    segments: String(bodySegments(model).length),
    rounds: String(spec.rounds),
    targetAccuracy: percent(spec.targetAccuracy),
    stopAtTarget: onOff(spec.stopAtTarget),
    minVolunteers: String(policy.minVolunteers),
    updatesPerRound: String(policy.updatesPerRound),
    seed: String(spec.seed),
    batch: String(training.batch),
    learningRate: formatNumber(training.learningRate),
    roundPolicy: policy.rounds,
    evaluators: policy.evaluators,
    check: policy.check,
    maxDrop: percent(policy.maxDrop),
    keepRounds: String(policy.keepRounds),
    aggregation: spec.aggregation,
    bucket: String(spec.robust.bucket),
    holdsBack: onOff(spec.root !== undefined),
    ...planValues(spec.plan),
  };
}

const percent = (share: number): string => formatNumber(share * 100);
const onOff = (isOn: boolean): string => (isOn ? 'on' : 'off');

const planValues = ({ name, ...settings }: RunSpec['plan']): FormValues => ({
  plan: name,
  ...Object.fromEntries(
    Object.entries(settings).map(([setting, value]) => [
      settingField(setting),
      typeof value === 'number' ? formatNumber(value) : String(value),
    ]),
  ),
});
