import type { PlanName } from '../../../../shared/protocol/plan-spec.ts';
import type { SettingsWords } from '../en/settings.ts';
import { examples } from './examples.ts';
import { many } from './many.ts';
import { planText } from './plan-texts.ts';
import { ruleTexts } from './rule-texts.ts';

const plans: Readonly<Record<PlanName, string>> = {
  'layer-to-layer':
    'Die Mitmachenden teilen sich das Netz: Die einen trainieren die vorderen Schichten, die anderen darauf die hinteren. Die Aufgaben sind leicht und es wird wenig geschickt, also können auch schwache Geräte mitmachen.',
  'layer-to-layer-literal':
    'Dasselbe, wörtlich nach der Veröffentlichung: Vordere und hintere Schichten lernen immer voneinander, auch wenn die anderen irren. Zum Vergleich; hier hat es schlechter gelernt.',
  'layer-to-layer-through':
    'Nach einem Aufwärmen des ganzen Netzes lernen die vorderen Schichten durch die hinteren hindurch. Auch Schüler brauchen Platz für das ganze Netz.',
  'joint-self-distillation':
    'Alle trainieren das ganze Netz. Die vorderen Schichten haben eigene Ausgänge, und vordere und hintere Ausgänge lernen voneinander. Die Geräte brauchen Platz für alles.',
  growing:
    'Ein Segment nach dem anderen, jedes eingefroren, wenn das nächste beginnt. Die Aufgaben bleiben leicht.',
  'growing-together':
    'Die vorderen Schichten beginnen allein, die hinteren kommen dazu, und dann trainieren alle alles. Gut für tiefe Netze; am Ende brauchen Geräte Platz für alles.',
  'depth-federated':
    'Jedes Gerät trainiert so viele der ersten Schichten, wie es Platz hat: schwache die vorderen mit eigenem Ausgang, starke das ganze Netz. Alle Ausgänge lernen voneinander.',
  'sub-networks':
    'Die Geräte trainieren schmalere Kopien des Netzes, jede mit einem Teil der Kanäle jeder Schicht. Braucht ein Netz ohne Batch-Normalisierung.',
  conventional:
    'Alle trainieren das ganze Netz, wie beim einfachen föderierten Mitteln. Die Grundlinie zum Vergleichen.',
  'student-alone':
    'Nur die vorderen Schichten mit einem kleinen Kopf, nie der Rest: zum Vergleich. Am Ende steht kein ganzes Netz.',
  'aug-local':
    'Jedes Segment lernt für sich, geführt von einer kleinen Nachahmung dessen, was folgt. Segmente warten nie aufeinander.',
  'deep-supervision':
    'Alle trainieren das ganze Netz. Die vorderen Schichten haben eigene Ausgänge, die immer weniger zählen.',
  'momentum-auxiliary':
    'Jedes Segment lernt für sich, geführt von einer langsam mitgehenden Kopie der Schicht, die folgt.',
};

export const settings: SettingsWords = {
  data: 'Daten',
  dataset: 'Datensatz',
  drawn: 'von jedem Gerät aus dem Startwert gezeichnet; nichts wird geladen',
  hosted: 'Teil für Teil geladen von denen, die trainieren',
  examples: kind => examples[kind].more,
  exampleCounts: (train, test) => `${train} zum Trainieren, ${test} zum Prüfen`,
  shape: 'Größe',
  columns: count => `${count} Spalten`,
  shapeOf: (height, width, channels) =>
    `${height} × ${width}, ${channels === 1 ? 'grau' : channels === 3 ? 'farbig' : `${channels} Kanäle`}`,
  classCount: 'Klassen',
  classNames: (count, names) => (names === '' ? count : `${count}: ${names}`),
  partition: 'Wie sie verteilt sind',
  evenly: kind => `gleichmäßig: Jeder Teil hat ${examples[kind].more} aller Klassen`,
  skewed: alpha => `ungleich: Die Teile haben verschiedene Klassen (Dirichlet, α ${alpha})`,
  heldBack: 'Zurückbehalten',
  heldBackParts: parts => `${many(parts, 'Teil', 'Teile')}, worauf niemand außer Schiedsrichtern trainiert`,

  network: 'Netz',
  model: 'Name',
  parameters: 'Parameter',
  segments: 'Segmente',
  segment: (id, parameters, layers) => `${id}, ${parameters} Parameter: ${layers}`,

  plan: 'Lernplan',
  planName: 'Plan',
  planSummary: plan => plans[plan],
  planLabel: ({ text }) => planText(text.label),
  planChoice: ({ text }, choice) => planText(text.choices?.[choice] ?? choice),

  training: 'Training',
  batch: kind => `${examples[kind].more} je Schritt`,
  learningRate: 'Lernrate',
  rateFalls: rate => `${rate} am Anfang; ein Kosinus führt sie bis zur letzten Runde auf 0`,
  momentum: 'Momentum',
  weightDecay: 'Gewichtsabnahme',
  augment: kind => `Veränderung der ${examples[kind].more}`,
  augmentOf: augment =>
    augment === 'none' ? 'keine' : 'gespiegelt und zugeschnitten, für jede Aufgabe neu gezogen',
  parts: 'Teile der Daten je Aufgabe',
  partsFor: 'Wer auf welchem Teil trainiert',
  partsForOf: whose => (whose === 'anyone' ? 'alle, auf den nächsten' : 'jedes Gerät auf eigenen Teilen'),
  seed: 'Startwert',
  seedHint: seed => `${seed}; mit ihr wird dasselbe noch einmal gezogen`,

  rounds: 'Runden',
  roundCount: 'Geplante Runden',
  target: 'Ziel der Genauigkeit',
  targetOf: (target, stops) => `${target}; ${stops ? 'dort endet der Lauf' : 'der Lauf geht weiter'}`,
  updates: 'Gebrauchte Beiträge je Runde',
  updatesOf: (wanted, least, issued) =>
    `${wanted}, mindestens ${least} je Rolle; ${issued} × so viele Aufgaben werden vergeben`,
  late: 'Verspätete Beiträge',
  lateOf: (rounds, staleness) =>
    rounds === 'synchronous'
      ? 'zählen nicht mehr'
      : `zählen bis ${many(staleness, 'Runde', 'Runden')} später und wiegen weniger`,
  task: 'Zeit für eine Aufgabe',
  round: 'Zeit für eine Runde',
  atMost: time => `höchstens ${time}`,
  people: 'Mitmachende',
  peopleOf: (least, most) => `ab ${least}, höchstens ${most}`,
  tests: 'Wer Versionen prüft',
  testsOf: who => (who === 'volunteers' ? 'alle, die mitmachen' : 'nur Schiedsrichter'),
  kept: 'Aufgehoben',
  keptOf: rounds =>
    rounds === 0
      ? 'Beiträge und Versionen dauerhaft'
      : `Beiträge und Versionen ${many(rounds, 'Runde', 'Runden')} lang`,

  together: 'Wie aus Beiträgen eine Version wird',
  rule: 'Regel',
  ruleText: rule => ruleTexts[rule],
  codec: 'Wie Beiträge geschickt werden',
  codecs: { f32: '32 Bit je Gewicht (f32)', f16: '16 Bit je Gewicht (f16)' },
  hostile: 'Anteil, der feindlich sein darf',
  check: 'Wer Versionen vorab prüft',
  checkOf: check => {
    if (check === 'off') return 'niemand, so wurde der Lauf angelegt';
    return check === 'always'
      ? 'ein Schiedsrichter, und jede Version wartet auf einen'
      : 'ein Schiedsrichter, solange einer da ist';
  },
  drop: 'Wenn die Genauigkeit fällt',
  dropOf: drop =>
    drop === null
      ? 'der Lauf geht weiter'
      : `insgesamt um mehr als ${drop}, geht der Lauf auf die beste Version zurück`,
};
