import type { PlanName } from '../../../shared/protocol/plan-spec.ts';
import { describeSetting, type PlanSetting } from '../../host/plan-settings.ts';

/** What a host wants to know of a plan before choosing it. */
export const planTexts: Readonly<Record<PlanName, string>> = {
  'layer-to-layer':
    'Volunteers share the parts: some train the early layers, others the later ones on top of them. Light tasks and little to send; weak devices can join.',
  'layer-to-layer-literal':
    'The same, to the letter of the paper: each part always learns from the other’s answers too, even from wrong ones. For comparison; it has learnt less well here.',
  'layer-to-layer-through':
    'After a warm-up of the whole network, the early layers learn through the later ones. Even students need room for the whole network.',
  'joint-self-distillation':
    'Everyone trains the whole network; its early layers also learn from its last answers. Devices need room for all of it.',
  growing: 'One part after the other, each frozen when the next begins. Tasks stay light to the end.',
  'growing-together':
    'The early layers begin alone, the later ones join, and from then on everyone trains all of it. Suits deep networks; the end needs devices with room for all.',
  conventional:
    'Everyone trains the whole network, as in plain federated averaging. The baseline to compare with.',
  'student-alone':
    'Only the early layers with a small head, never the rest: a control to compare with. It leaves no whole network to export.',
  'aug-local':
    'Each part learns on its own, guided by a small imitation of all that follows it. Parts never wait for one another’s answers.',
  'deep-supervision':
    'Everyone trains the whole network; its early layers have answers of their own, which count less and less.',
  'momentum-auxiliary':
    'Each part learns on its own, guided by a slowly moving copy of the layer that follows it.',
};

const labels: Readonly<Record<string, string>> = {
  turns: 'Who trains what in a round',
  alpha: 'α, learning from the teacher',
  beta: 'β, learning from others',
  temperature: 'τ, softness of those answers',
  freezeAt: 'First part frozen from',
  growAt: 'Last part joins at',
  warmUp: 'Whole network until',
  lambda: 'λ, weight of early answers',
  answer: 'What the network answers',
  epochs: 'Passes over a task’s pictures',
  studentEpochs: 'Passes of a student',
  teacherEpochs: 'Passes of a teacher',
};

/** A setting's name for people; one without a label is called as in the schema. */
export const settingLabel = ({ name }: PlanSetting): string => labels[name] ?? name;

const choices: Readonly<Record<string, string>> = {
  split: 'volunteers share the parts',
  alternate: 'all the same part, part after part',
  together: 'everyone all parts, each by itself',
  last: 'what its last part says',
  sum: 'all parts’ answers added up; heads stay',
};

export const choiceText = (choice: string): string => choices[choice] ?? choice;

/** Settings that are a moment of the run. */
const moments: ReadonlySet<string> = new Set(['freezeAt', 'growAt', 'warmUp']);

/** What a setting takes; nothing where its choices are there to be read. */
export function settingHint(setting: PlanSetting): string | undefined {
  if (setting.kind === 'choice') return undefined;
  return moments.has(setting.name)
    ? 'A share of the run, from 0 to 1.'
    : `Takes ${describeSetting(setting)}.`;
}
