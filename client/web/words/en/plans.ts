import type { PlanName } from '../../../../shared/protocol/plan-spec.ts';
import { describeSetting, type PlanSetting } from '../../../host/plan-settings.ts';

/** Each plan in one sentence. */
const sentences: Readonly<Record<PlanName, string>> = {
  'layer-to-layer':
    'Volunteers share the network: some train the early layers and others the later ones on top of them, so that each has little to do and to send.',
  'layer-to-layer-literal':
    'As layer-to-layer, but early and later layers always learn from each other too, even when the other is wrong.',
  'layer-to-layer-through':
    'First everyone trains the whole network, and then each part is trained through the later ones, which stay as they are meanwhile.',
  'joint-self-distillation':
    'Everyone trains the whole network, and its early and late layers learn from each other’s answers.',
  growing:
    'The network is trained from front to back, one part after the other, and a part that is done never changes again.',
  'growing-together':
    'The early layers begin alone, later ones join them, and in the end everyone trains the whole network.',
  'depth-federated':
    'Each device trains as many of the first layers as it has room for, and all answers on the way learn from each other.',
  'sub-networks':
    'Each device trains a narrower copy of the network that fits it, and the copies are put together.',
  conventional:
    'Everyone trains the whole network, and the average of all counts: the usual way, to compare with.',
  'student-alone':
    'Only the early layers are trained, to see what the later ones add; no whole network comes out.',
  'aug-local': 'Each part is trained by itself, guided by a small imitation of all that follows it.',
  'deep-supervision':
    'Everyone trains the whole network, and its early layers are tested on the way, less and less.',
  'momentum-auxiliary':
    'Each part is trained by itself, guided by a slowly moving copy of the layer that follows it.',
};

export const plans = {
  sentence: (plan: PlanName) => sentences[plan],
  label: ({ text }: PlanSetting) => text.label,
  /** What a field takes. A choice shows it. */
  hint: (setting: PlanSetting) =>
    setting.kind === 'choice' ? undefined : (setting.text.hint ?? `Takes ${describeSetting(setting)}.`),
  choice: ({ text }: PlanSetting, choice: string) => text.choices?.[choice] ?? choice,
  takes: (setting: PlanSetting) => `It takes ${describeSetting(setting)}.`,
  /** What a drawing says to whoever cannot see it. */
  drawing: {
    from: (percent: string) => `from ${percent} of the rounds`,
    fromStart: 'from the start',
    part: (number: number) => `part ${number}`,
    parts: (first: number, last: number) => `parts ${first} to ${last}`,
    trains: (what: string) => `trains ${what}`,
    narrower: 'a narrower copy of everything',
    onTopOf: (what: string) => `on top of ${what}, which stays as it is`,
    through: (what: string) => `through ${what}`,
    learnsFrom: 'and its answers learn from one another',
    device: (number: number) => `Device ${number}`,
    legendTrains: 'is trained',
    legendFrozen: 'runs, but stays as it is',
    legendLearns: 'learns from',
    input: 'input',
    output: 'answer',
  },
};
export type PlansWords = Readonly<typeof plans>;
