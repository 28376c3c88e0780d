import type { HomeWords } from '../en/home.ts';

export const home: HomeWords = {
  title: 'Läufe',
  intro:
    'Ein Lauf ist ein Netz, das viele Browser gemeinsam trainieren. Öffne einen, um zuzusehen oder zu helfen.',
  loading: 'Wird geladen …',
  nothingYet: 'Noch wird nichts trainiert',
  nothingYetMore:
    'Lege einen Lauf an und schicke den Link an ein paar Leute, dann trainieren ihre Browser das Netz gemeinsam. Das dauert eine Minute und braucht keine eigenen Daten: Die Bilder werden an Ort und Stelle gezeichnet.',
  createFirst: 'Den ersten Lauf anlegen',
  roundOf: (round, rounds) => `Runde ${round} von ${rounds}`,
  accuracy: 'Genauigkeit',
  openByLink: 'Einen Lauf über seinen Link oder seine Kennung öffnen',
  open: 'Öffnen',
  noRunLink: 'Das ist weder ein Link zu einem Lauf noch die Kennung eines Laufs.',
};
