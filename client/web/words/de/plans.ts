import type { PlanName } from '../../../../shared/protocol/plan-spec.ts';
import type { PlanSetting } from '../../../host/plan-settings.ts';
import type { PlansWords } from '../en/plans.ts';

/** Jeder Plan in einem Satz. */
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

/** Was `plan-spec.ts` von den Einstellungen sagt. */
const texts: Readonly<Record<string, string>> = {
  'Passes over a task’s pictures': 'Durchgänge durch die Bilder einer Aufgabe',
  'Passes of a student': 'Durchgänge der frühen Schichten',
  'Passes of a teacher': 'Durchgänge der späten Schichten',
  'First segment frozen from': 'Erster Teil eingefroren ab',
  'Whole network until': 'Ganzes Netz bis',
  'Last segment joins at': 'Letzter Teil kommt dazu bei',
  'Exits learn from each other from': 'Ausgänge lernen voneinander ab',
  'A share of the run, from 0 to 1.': 'Ein Anteil des Laufs, von 0 bis 1.',
  'λ, weight of early exits': 'λ, Gewicht früher Ausgänge',
  'β, learning from others': 'β, Lernen von anderen',
  'α, learning from later exits': 'α, Lernen von späteren Ausgängen',
  'α, learning from the teacher': 'α, Lernen von den späten Schichten',
  'When an exit learns from another': 'Wann ein Ausgang von einem anderen lernt',
  'on pictures on which the other is better': 'bei Bildern, bei denen der andere besser ist',
  'on all pictures': 'bei allen Bildern',
  'Learning rate of the early layers': 'Lernrate der frühen Schichten',
  'Times the rate of the others.': 'Mal die Rate der übrigen.',
  'Which exits decide': 'Welche Ausgänge entscheiden',
  'the last one alone': 'der letzte allein',
  'all of them, logits added up; heads stay': 'alle, Logits addiert; die Köpfe bleiben',
  'all of them, probabilities averaged; heads stay':
    'alle, Wahrscheinlichkeiten gemittelt; die Köpfe bleiben',
  'τ, softness of what is learnt from others': 'τ, Weichheit dessen, was von anderen gelernt wird',
  'Who trains what in a round': 'Wer in einer Runde was trainiert',
  'volunteers share the segments': 'die Geräte teilen sich die Teile',
  'all the same segment, one after the other': 'alle denselben Teil, einen nach dem anderen',
  'everyone all segments, each by itself': 'alle jeden Teil, jeden für sich',
  'Which segments decide': 'Welche Teile entscheiden',
  'all of them, added up; heads stay': 'alle, addiert; die Köpfe bleiben',
  'μ, correction of drift': 'μ, Korrektur des Auseinanderlaufens',
  '0: none. For volunteers whose pictures differ.': '0: keine. Für Geräte mit verschiedenen Bildern.',
  'Which channels a device has': 'Welche Kanäle ein Gerät hat',
  'the first ones, as many as fit the device': 'die ersten, so viele auf das Gerät passen',
  'a share that nobody else has, drawn anew each round':
    'einen Anteil, den sonst niemand hat, in jeder Runde neu gelost',
  'Number of widths, or of shares': 'Anzahl der Breiten oder der Anteile',
  'Width of each narrower copy': 'Breite jeder schmaleren Kopie',
  'A share of the next wider one. Disjoint shares do not use it.':
    'Ein Anteil der nächstbreiteren. Geloste Anteile brauchen es nicht.',
};

const german = (text: string): string => texts[text] ?? text;

const takes = (setting: PlanSetting): string =>
  setting.kind === 'choice'
    ? `eines von ${setting.choices.join(', ')}`
    : `eine ${setting.isWhole ? 'ganze ' : ''}Zahl von ${setting.least} bis ${setting.most}`;

export const plans: PlansWords = {
  sentence: plan => sentences[plan],
  label: ({ text }) => german(text.label),
  hint: setting =>
    setting.kind === 'choice'
      ? undefined
      : setting.text.hint === undefined
        ? `Nimmt ${takes(setting)}.`
        : german(setting.text.hint),
  choice: ({ text }, choice) => german(text.choices?.[choice] ?? choice),
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
    input: 'Bild',
    output: 'Antwort',
  },
};
