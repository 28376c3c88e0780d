import type { ShellWords } from '../en/shell.ts';

export const shell: ShellWords = {
  skip: 'Zum Inhalt springen',
  pages: 'Seiten',
  newRun: 'Neuer Lauf',
  paused: 'Angehalten',
  training: 'Trainiert',
  about: 'Homeroom trainiert ein neuronales Netz gemeinsam, Schicht für Schicht, in den Browsern aller.',
  check: 'Was sich selbst prüfen lässt',
  trust: 'Wem man vertraut',
  language: 'Sprache',
  noSuchPage: 'Diese Seite gibt es nicht.',
  allRuns: 'Alle Läufe',
  loading: 'Die Seite wird geladen …',
  notLoaded: 'Diese Seite konnte nicht geladen werden. Bitte neu laden.',
};
