import type { TestHereWords } from '../en/test.ts';
import { examples } from './examples.ts';
import { many } from './many.ts';

export const testHere: TestHereWords = {
  title: 'Selbst prüfen',
  intro: (bytes, kind) =>
    `Deine eigene Prüfung: Dieses Gerät lässt die neueste Version auf die Test${examples[kind].tail} los, mit denen niemand trainiert. Es glaubt niemandes Zahlen und sagt sie niemandem.${bytes === null ? '' : ` Die Test${examples[kind].tail} sind ${bytes} groß und werden einmal geladen.`}`,
  start: version => `Version ${version} auf diesem Gerät prüfen`,
  stop: 'Prüfung abbrechen',
  progress: (share, kind) => `${share} der Test${examples[kind].tail}`,
  soFar: (version, count, kind) =>
    `richtig bis jetzt: Version ${version}, ${many(count, examples[kind].one, examples[kind].more)}`,
  testedAt: (version, time, count, kind) =>
    `richtig. Auf diesem Gerät geprüft um ${time}, Version ${version}, mit ${many(count, examples[kind].one, examples[kind].dative)}.`,
  gone: version => `Die Plattform hat Version ${version} nicht mehr. Prüfe stattdessen die neueste.`,
  failed: why => `Die Prüfung ist abgebrochen: ${why}. Starte sie noch einmal.`,
  byClass: 'Nach Klassen',
  class: 'Klasse',
  right: 'Richtig',
  examples: kind => examples[kind].more,
  mistakenFor: 'Meist verwechselt mit',
  confusion: 'Was wofür gehalten wird',
  confusionMore:
    'Jede Zeile ist eine Klasse, jede Spalte das, was das Netz gesagt hat. Die Diagonale ist richtig.',
  isAndSaid: 'Ist / gesagt',
  noneWrong: kind =>
    kind === 'row' ? 'Keine Testzeile wurde falsch beantwortet.' : 'Kein Testbild wurde falsch beantwortet.',
  wrongTitle: 'Falsch beantwortet, die sichersten zuerst',
  isSaid: (truth, said, share) => `${truth} → ${said}, ${share}`,
};
