import type { PlanName } from '../../../../shared/protocol/plan-spec.ts';
import type { PlanSetting } from '../../../host/plan-settings.ts';
import type { PlansWords } from '../en/plans.ts';
import { planText } from './plan-texts.ts';

/** Each plan in one sentence. */
const sentences: Readonly<Record<PlanName, string>> = {
  'layer-to-layer':
    'Alle teilen sich das Netz: Die einen trainieren die frühen Schichten, die anderen darauf die späten, und so hat jedes Gerät wenig zu rechnen und zu senden.',
  'layer-to-layer-literal':
    'Wie layer-to-layer, aber frühe und späte Schichten lernen auch immer voneinander, selbst wenn die andere Seite falsch liegt.',
  'layer-to-layer-through':
    'Erst trainieren alle das ganze Netz, dann wird jeder Teil durch die späteren hindurch trainiert, die dabei bleiben, wie sie sind.',
  'joint-self-distillation':
    'Alle trainieren das ganze Netz, und frühe und späte Schichten lernen von den Antworten der anderen.',
  growing:
    'Das Netz wird von vorn nach hinten trainiert, ein Teil nach dem anderen, und ein fertiger Teil ändert sich nie mehr.',
  'growing-together':
    'Die frühen Schichten beginnen allein, spätere kommen dazu, und am Ende trainieren alle das ganze Netz.',
  'depth-federated':
    'Jedes Gerät trainiert so viele der ersten Schichten, wie es fassen kann, und alle Antworten unterwegs lernen voneinander.',
  'sub-networks':
    'Jedes Gerät trainiert eine schmalere Kopie des Netzes, die zu ihm passt, und die Kopien werden zusammengesetzt.',
  conventional:
    'Alle trainieren das ganze Netz, und der Durchschnitt zählt: der übliche Weg, gut zum Vergleichen.',
  'student-alone':
    'Nur die frühen Schichten werden trainiert, um zu sehen, was die späten beitragen; ein ganzes Netz kommt nicht heraus.',
  'aug-local':
    'Jeder Teil wird für sich trainiert, geführt von einer kleinen Nachahmung von allem, was auf ihn folgt.',
  'deep-supervision':
    'Alle trainieren das ganze Netz, und seine frühen Schichten werden unterwegs geprüft, mit der Zeit immer weniger.',
  'momentum-auxiliary':
    'Jeder Teil wird für sich trainiert, geführt von einer langsam mitwandernden Kopie der nächsten Schicht.',
};

const takes = (setting: PlanSetting): string =>
  setting.kind === 'choice'
    ? `eines von ${setting.choices.join(', ')}`
    : `eine ${setting.isWhole ? 'ganze ' : ''}Zahl von ${setting.least} bis ${setting.most}`;

export const plans: PlansWords = {
  sentence: plan => sentences[plan],
  label: ({ text }) => planText(text.label),
  hint: setting =>
    setting.kind === 'choice'
      ? undefined
      : setting.text.hint === undefined
        ? `Nimmt ${takes(setting)}.`
        : planText(setting.text.hint),
  choice: ({ text }, choice) => planText(text.choices?.[choice] ?? choice),
  takes: setting => `Hier passt ${takes(setting)}.`,
  drawing: {
    from: percent => `ab ${percent} der Runden`,
    fromStart: 'von Anfang an',
    part: number => `Teil ${number}`,
    parts: (first, last) => `Teile ${first} bis ${last}`,
    trains: what => `trainiert ${what}`,
    narrower: 'eine schmalere Kopie von allem',
    onTopOf: what => `auf ${what}, was bleibt, wie es ist`,
    through: what => `durch ${what} hindurch`,
    learnsFrom: 'und seine Antworten lernen voneinander',
    device: number => `Gerät ${number}`,
    legendTrains: 'wird trainiert',
    legendFrozen: 'läuft mit, bleibt aber, wie es ist',
    legendLearns: 'lernt von',
    input: 'Eingabe',
    output: 'Antwort',
  },
};
