import type { ChartWords } from '../en/charts.ts';
import { examples } from './examples.ts';
import { many } from './many.ts';

export const charts: ChartWords = {
  title: 'Lernen',
  nothingYet: 'Die ersten Zahlen kommen mit der ersten Version.',
  accuracy: kind => `Genauigkeit auf Test${examples[kind].dative.toLowerCase()}`,
  error: kind => `Fehler auf Test${examples[kind].dative.toLowerCase()}`,
  loss: 'Fehlermaß',
  percentAxis: isError => (isError ? 'Falsche Antworten, % (logarithmisch)' : 'Richtige Antworten, %'),
  lossAxis: 'Kreuzentropie, nat',
  roundAxis: 'Runde',
  timeAxis: 'Zeit seit dem Beginn, h:min:s',

  along: 'Entlang',
  byRound: 'der Runden',
  byTime: 'der Zeit',
  asError: 'Fehler, logarithmisch',

  round: round => `Runde ${round}`,
  latest: place => `Zuletzt, ${place}`,
  ofVersion: (value, version) => `${value} (Version ${version})`,
  after: (place, time) => `${place}, nach ${time}`,
  keys: 'Pfeiltasten gehen von Runde zu Runde, Pos1 und Ende zur ersten und letzten.',
  chart: 'Diagramm',

  test: 'Prüfung',
  targetLine: 'Ziel',
  unconfirmed: 'Prüfung, nicht bestätigt',
  backTo: version => `zurück auf Version ${version}`,
  inTraining: role => `${role} beim Training`,

  accuracyCaption: (first, firstRound, last, lastRound) =>
    `Von ${first} nach Runde ${firstRound} auf ${last} nach Runde ${lastRound}.`,
  accuracyOnce: (value, round) => `${value} nach Runde ${round}.`,
  best: (value, round) => `Am besten waren ${value}, nach Runde ${round}.`,
  target: value => `Das Ziel ist ${value}.`,
  notTested: 'Noch ist keine Version geprüft.',
  lossCaption: (first, last) => `Das Fehlermaß der Prüfung ging von ${first} auf ${last}.`,
  lossOnce: value => `Das Fehlermaß der Prüfung ist ${value}.`,
  lossMeans: 'Kleiner ist besser.',

  late: (late, updates, round) =>
    `${late} von ${many(updates, 'Beitrag', 'Beiträgen')} der Runde ${round} kamen verspätet und wiegen weniger.`,
  weaker: (round, roles) =>
    `In Runde ${round} haben wenige Geräte trainiert, also wurden ihre Beiträge mit einer einfacheren Regel verbunden: ${roles}.`,
  weakerRole: (role, rule) => `${role} mit ${rule}`,

  table: 'Die Zahlen als Tabelle',
  caption: rounds => `${many(rounds, 'Runde', 'Runden')}, die neueste zuerst`,
  copy: 'Tabelle kopieren',
  copied: 'Kopiert',
  notCopied: 'Dieser Browser kopiert von dieser Seite nicht. Die Tabelle lässt sich markieren.',
  columns: {
    round: 'Runde',
    time: 'Zeit',
    updates: 'Beiträge',
    accuracy: 'Genauigkeit',
    loss: 'Fehlermaß',
    sent: 'Gesendet',
    received: 'Empfangen',
  },
  backToVersion: version => `keine: zurück auf Version ${version}`,
  ofThemLate: (updates, late) => `${updates}, davon ${late} verspätet`,
  notConfirmed: value => `${value}, nicht bestätigt`,
};
