import type { SuitedReason } from '../../../host/zoo/suited-network.ts';
import type { NetworksWords } from '../en/networks.ts';
import { examples } from './examples.ts';

/** Wofür jedes Netz gut ist, in einem Satz. */
const goodFor: Readonly<Record<string, string>> = {
  cnn: 'Das kleine für Ziffern, Buchstaben und andere einfache graue Bilder: Jedes Handy kann es trainieren.',
  'cnn-tiny':
    'Das kleinste, für die schwächsten Geräte und zum Ausprobieren: Es lernt weniger als die anderen.',
  'cnn-3': 'Drei Schichten für einfache Bilder mit mehr Klassen, immer noch leicht.',
  'cnn-4':
    'Vier Schichten für kleine Farbbilder auf schwachen Geräten: Zwei davon sind leicht genug für ein Handy.',
  'cnn-5': 'Fünf Schichten für kleine Farbbilder: ein gutes Verhältnis von Genauigkeit und Aufwand.',
  vgg16: 'Der Klassiker von 2014, groß und schwer zu senden: zum Vergleichen, auf Rechnern mit Grafikkarte.',
  'vgg16-quarter': 'VGG16 mit einem Viertel der Breite: fast so genau, bei einem Sechzehntel des Aufwands.',
  'resnext29-8x64': 'Das genaueste auf CIFAR und mit Abstand das schwerste: nur für starke Grafikkarten.',
  'resnext29-32x4': 'Sehr genau für seine Größe, für Fotos und Rechner mit Grafikkarte.',
  'resnext29-8x4': 'Ein schmales ResNeXt für Fotos, für Laptops mit Grafikkarte.',
  'resnext20-8x4':
    'Ein kurzes ResNeXt, das Bilder zuerst halbiert: für Fotos und viele Klassen auf jedem Gerät.',
  'densenet-100-12': 'Wenig zu senden, aber viel zu rechnen: für starke Geräte an langsamen Leitungen.',
  'densenet-40-12': 'Wenig zu senden für seine Genauigkeit auf Fotos, dafür mehr zu rechnen.',
  'densenet-28-12': 'Das leichte DenseNet: kaum etwas zu senden, für Fotos auf jedem Gerät.',
  mlp: 'Einfache dichte Schichten für Tabellen mit Zahlen.',
};

const reasons: Readonly<Record<SuitedReason, string>> = {
  'few-pictures': 'es gibt wenige Bilder, und ein größeres Netz würde sie nur auswendig lernen',
  simple: 'kleine graue Bilder brauchen kein größeres, und jedes Gerät kann es trainieren',
  'many-classes': 'so viele Klassen brauchen ein tieferes Netz',
  colour: 'es ist für kleine Farbbilder gemacht, und die meisten Geräte können es trainieren',
  large: 'so große Bilder machen andere langsam; kleinere Bilder würden ein besseres erlauben',
  table: 'es ist für Tabellen mit Zahlen gemacht',
};

export const networks: NetworksWords = {
  group: 'Netz',
  suits: 'Mit dem beginnen, was passt',
  suitsWhich: (network, reason) => `${network}, denn ${reasons[reason]}.`,
  goodFor: network => goodFor[network.replace(/-bn$/, '')] ?? '',
  batchNorm: 'Mit Batch-Normalisierung statt Gruppen-Normalisierung',
  batchNormHint:
    'Diese lernen etwas besser, wenn alle ähnliche Daten haben, und schlechter, wenn die Daten verschieden sind.',
  size: (parameters, bytes) => `${parameters} Parameter, ${bytes}`,
  cost: (macs, kind) => `${macs} Multiplikationen pro ${examples[kind].one}`,
  round: time => `etwa ${time} pro Runde hier`,
  traffic: (down, up) => `pro Gerät und Runde: ${down} laden, ${up} senden`,
  notServed: 'Der gewählte Plan kann es nicht trainieren.',
  unfit: unfit =>
    unfit.reason === 'table'
      ? 'Nur für Bilder, und diese Daten sind eine Tabelle mit Zahlen.'
      : `Braucht Bilder von mindestens ${unfit.least} × ${unfit.least}.`,
  notOffered: 'Nicht für diese Daten',
};
