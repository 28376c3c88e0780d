import type { HomeWords } from '../en/home.ts';

export const home: HomeWords = {
  title: 'Gemeinsam trainieren',
  lead: 'Ein neuronales Netz, gemeinsam trainiert in den Browsern aller',
  intro:
    'Seine Schichten werden verteilt: Jeder Tab trainiert den Teil, der zu seinem Gerät passt. Ein Link genügt.',
  picture:
    'Zeichnung: ein Netz aus vier Schichten. Um es herum stehen ein Laptop, ein Telefon, ein Tablet und noch ein Laptop. Jedes nimmt eine Schicht, trainiert sie und gibt sie zurück, und das Netz wird besser.',
  quickStart: 'Ziffern trainieren',
  quickStartMore:
    'Ein neuer Lauf lernt, Ziffern zu lesen, und dieser Tab trainiert sofort. Die Ziffern werden an Ort und Stelle gezeichnet. Aufhören geht jederzeit.',
  starting: 'Es geht los …',
  ownRun: 'Eigenen Lauf anlegen',
  wantsKey: 'Auf dieser Plattform legt Läufe nur an, wer ihren Schlüssel hat.',
  wantsKeyMore: 'Schlüssel im Formular eingeben',
  runs: 'Läufe',
  listed: 'Hier stehen die Läufe, die ihre Hosts allen zeigen, und die, die dieser Browser kennt.',
  unlisted: 'nur mit seinem Link',
  loading: 'Wird geladen …',
  nothingYet: 'Noch wird nichts trainiert',
  nothingYetMore:
    '„Ziffern trainieren“ drücken, oder einen eigenen Lauf anlegen und den Link an ein paar Leute schicken: Dann trainieren ihre Browser das Netz gemeinsam.',
  search: 'Suche nach Name oder Kennung',
  found: (found, all) => `${found} von ${all} ${all === 1 ? 'Lauf' : 'Läufen'}`,
  noneFound: 'Kein Lauf hat das im Namen oder in der Kennung.',
  archivedToo: 'Auch archivierte Läufe zeigen',
  roundsOf: (done, rounds, allRounds) => `${done} von ${allRounds} ${rounds === 1 ? 'Runde' : 'Runden'}`,
  accuracy: 'Genauigkeit',
  ofVersion: version => `von Version ${version}`,
  notConfirmed: 'nicht bestätigt',
  versionReached: (version, accuracy) => `Version ${version} erreichte ${accuracy}`,
  notTestedYet: 'noch nicht getestet',
  notTested: 'nicht getestet',
  made: date => `angelegt ${date}`,
  finished: date => `beendet ${date}`,
  here: (count, written) => `${written} ${count === 1 ? 'Person' : 'Leute'} hier`,
  nobodyHere: 'niemand hier',
  openByLink: 'Einen Lauf über seinen Link oder seine Kennung öffnen',
  open: 'Öffnen',
  noRunLink: 'Das ist weder ein Link zu einem Lauf noch die Kennung eines Laufs.',
};
