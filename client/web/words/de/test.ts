import type { TestHereWords } from '../en/test.ts';

export const testHere: TestHereWords = {
  title: 'Selbst prüfen',
  intro: bytes =>
    `Deine eigene Prüfung: Dieses Gerät lässt die neueste Version auf die Testbilder los, mit denen niemand trainiert. Es glaubt niemandes Zahlen und sagt sie niemandem.${bytes === null ? '' : ` Die Testbilder sind ${bytes} groß und werden einmal geladen.`}`,
  start: version => `Version ${version} auf diesem Gerät prüfen`,
  stop: 'Prüfung abbrechen',
  progress: share => `${share} der Testbilder`,
  soFar: (version, count) => `richtig bis jetzt: Version ${version}, ${count} Bilder`,
  testedAt: (version, time, count) =>
    `richtig. Auf diesem Gerät geprüft um ${time}, Version ${version}, mit ${count} Bildern.`,
  gone: version => `Die Plattform hat Version ${version} nicht mehr. Prüfe stattdessen die neueste.`,
  failed: why => `Die Prüfung ist abgebrochen: ${why}. Starte sie noch einmal.`,
  byClass: 'Nach Klassen',
  class: 'Klasse',
  right: 'Richtig',
  pictures: 'Bilder',
  mistakenFor: 'Meist verwechselt mit',
  confusion: 'Was wofür gehalten wird',
  confusionMore:
    'Jede Zeile ist eine Klasse, jede Spalte das, was das Netz gesagt hat. Die Diagonale ist richtig.',
  isAndSaid: 'Ist / gesagt',
  noneWrong: 'Kein Testbild wurde falsch beantwortet.',
  wrongTitle: 'Falsch beantwortet, die sichersten zuerst',
  isSaid: (truth, said, share) => `${truth} → ${said}, ${share}`,
};
