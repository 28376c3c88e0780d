import type { ShellWords } from '../en/shell.ts';

export const shell: ShellWords = {
  unowned:
    'Diese Plattform gehört noch niemandem. Wer sie aufgesetzt hat, öffnet den Link am Ende des Protokolls und bekommt den Schlüssel.',
  description: 'Ein neuronales Netz, gemeinsam trainiert, Schicht für Schicht, in den Browsern aller.',
  skip: 'Zum Inhalt springen',
  pages: 'Seiten',
  runs: 'Läufe',
  data: 'Daten',
  newRun: 'Neuer Lauf',
  paused: 'Angehalten',
  waiting: 'Wartet',
  offline: 'Offline',
  training: 'Trainiert',
  thisTab: state => `Dieser Tab: ${state}`,
  morePages: 'Weitere Seiten',
  about: 'Über Homeroom',
  how: 'So geht es',
  privacy: 'Datenschutz',
  check: 'Was sich selbst prüfen lässt',
  trust: 'Wem man vertraut',
  phases: { draft: 'noch nicht offen', open: 'offen', paused: 'angehalten', finished: 'beendet' },
  archived: 'archiviert',
  language: 'Sprache',
  noSuchPage: 'Diese Seite gibt es nicht',
  noSuchPageMore: 'Vielleicht ist die Adresse abgeschnitten, oder die Seite liegt jetzt anderswo.',
  allRuns: 'Alle Läufe',
  loading: 'Die Seite wird geladen …',
  broke: 'Diese Seite ist abgebrochen',
  brokeMore: why =>
    `Ein eigener Fehler hat sie angehalten: ${why}. Hilft es nicht, sie neu zu laden, hilft vielleicht ein anderer oder neuerer Browser. Was auf der Plattform liegt, ist nicht verloren.`,
  notLoaded: 'Diese Seite konnte nicht geladen werden. Bitte neu laden.',
};
