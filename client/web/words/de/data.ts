import type { DataWords } from '../en/data.ts';

export const data: DataWords = {
  title: 'Daten',
  intro:
    'Hier kommen Bilder oder eine Tabelle hinein. Danach lernt ein Netz in einem Lauf, ihre Klassen zu unterscheiden.',
  stays: 'Vor dem Druck auf „Hochladen“ verlässt nichts dieses Gerät.',

  source: 'Eigene Daten',
  drop: 'Einen Ordner, ein Zip oder Dateien hier ablegen',
  dropMore:
    'Ein Ordner für jede Klasse, mit Bildern als PNG, JPEG oder WebP darin. Ein Zip aus solchen Ordnern. Eine CSV-Datei mit einer Spalte für die Klasse. IDX- oder CIFAR-Dateien, auch mit gzip gepackt.',
  chooseFolder: 'Ordner wählen',
  chooseFiles: 'Dateien wählen',
  orPaste: 'Oder aus einer Tabelle einfügen',
  paste: 'Zeilen mit ihrer Kopfzeile',
  pasteHint:
    'Die Zellen samt der Zeile mit den Namen kopieren und hier einfügen. Eine Spalte enthält die Klasse.',
  readPasted: 'Zeilen lesen',
  nothingPasted: 'Hier stehen noch keine Zeilen. Bitte eine Kopfzeile und mindestens zwei Zeilen einfügen.',
  reading: 'Die Dateien werden durchgesehen …',
  readingOf: (done, total) => `Die Dateien werden durchgesehen: ${done} von ${total}`,
  tooManyFiles: most =>
    `Das sind mehr als ${most} Dateien. Bitte den Ordner wählen, in dem nur die Daten liegen.`,
  noFiles: 'Darin sind keine Dateien. Bitte einen Ordner wählen, der für jede Klasse einen Ordner hat.',
  notRead: why => `Die Dateien konnten nicht gelesen werden: ${why}`,
  startOver: 'Andere Daten wählen',

  classes: 'Klassen',
  foundClasses: (classes, examples) => `${examples} in ${classes}.`,
  classCount: (count, shown) => (count === 1 ? '1 Klasse' : `${shown} Klassen`),
  pictureCount: (count, shown) => (count === 1 ? '1 Bild' : `${shown} Bilder`),
  rowCount: (count, shown) => (count === 1 ? '1 Zeile' : `${shown} Zeilen`),
  className: number => `Name der Klasse ${number}`,
  someOf: name => `Einige Bilder von ${name}`,
  showAllClasses: count => `Alle ${count} Klassen zeigen`,
  emptyClassName: 'Eine Klasse braucht einen Namen.',
  longName: most => `Höchstens ${most} Zeichen.`,
  sameClassName: 'Eine andere Klasse heißt schon so. Jede braucht ihren eigenen Namen.',
  notPlainName: 'Ein Name ist eine Zeile ohne Steuerzeichen und unsichtbare Zeichen.',
  fewInClass: names => `Sehr wenige Beispiele: ${names}. Aus so wenigen lernt das Netz eine Klasse kaum.`,

  column: 'Spalte der Klasse',
  columnHint: 'Sie wurde aus der Kopfzeile erraten. Alle anderen Spalten müssen Zahlen enthalten.',
  columnOption: (name, sample) => (sample === '' ? name : `${name}, etwa ${sample}`),
  numbers: 'Die anderen Spalten sind',
  asPixels: 'Pixel eines Bildes',
  asTable: 'Zahlen einer Tabelle',
  tableOf: columns => `Eine Tabelle mit ${columns} Spalten aus Zahlen.`,

  look: 'Größe und Farbe',
  size: 'Größe in Pixeln',
  sizeHint:
    'Kleinere Bilder trainieren viel schneller. 28 reicht für Zeichen und Ziffern, 64 für Dinge, 224 für feine Einzelheiten.',
  badSize: (least, most) => `Eine ganze Zahl von ${least} bis ${most}.`,
  colour: 'Farbe',
  inColour: 'in Farbe',
  inGrey: 'grau',
  fit: 'Andere Seitenverhältnisse',
  cropped: 'Ränder beschneiden',
  stretched: 'strecken',
  fixedShape: (size, isGrey) =>
    `Die Dateien enthalten ${isGrey ? 'graue Bilder' : 'Bilder in Farbe'} von ${size}. Sie bleiben, wie sie sind.`,
  preview: 'Das wird das Netz sehen.',
  previewSize: (side, isGrey) => `${side} Pixel hoch, ${isGrey ? 'grau' : 'in Farbe'}.`,
  previewing: 'Die Vorschau wird gezeichnet …',

  split: 'Training und Test',
  ownSplit: (train, test) =>
    `Die Dateien sind schon aufgeteilt: ${train} für das Training, ${test} für den Test.`,
  testShare: 'Für den Test zurückgelegt, %',
  testShareHint:
    'Damit trainiert das Netz nie, deshalb ist seine Genauigkeit auf diesen Beispielen eine ehrliche.',
  badShare: (least, most) => `Eine Zahl von ${least} bis ${most}.`,
  drawnSplit: (train, test) =>
    `${train} für das Training, ${test} für den Test, aus jeder Klasse im gleichen Verhältnis.`,

  problems: (count, shown) => (count === 1 ? '1 Hinweis zu den Daten' : `${shown} Hinweise zu den Daten`),
  noProblems: 'Alles konnte gelesen werden.',
  unreadable: count => `Nicht lesbar: ${count}`,
  duplicates: count => `Mehrfach vorhanden: ${count}`,
  duplicateOf: (path, of) => `${path} ist dasselbe wie ${of}`,
  more: count => `und ${count} weitere`,

  uploadTitle: 'Name und Hochladen',
  name: 'Name',
  unnamed: 'Meine Daten',
  nameHint: 'Unter diesem Namen sind die Daten beim Anlegen eines Laufs zu finden.',
  noName: 'Bitte einen Namen geben.',
  builtInName: 'So heißen schon fertige Daten. Bitte einen anderen Namen wählen.',
  takenName: 'Daten dieses Namens gibt es auf dieser Plattform schon. Bitte einen anderen Namen wählen.',
  key: 'Schlüssel der Plattform',
  keyHint: 'Wer diese Plattform eingerichtet hat, kennt ihn. Er wird mitgeschickt und nicht behalten.',
  keyNeeded: 'Diese Plattform nimmt Daten nur mit ihrem Schlüssel an.',
  wrongKey: 'Das ist nicht der Schlüssel dieser Plattform.',
  upload: 'Hochladen',
  isPublic:
    'Danach können alle, die diese Plattform erreichen, die Daten herunterladen: Mitmachende brauchen sie.',
  uploadAgain: 'Weiter hochladen',
  cancel: 'Abbrechen',
  stopReading: 'Nicht weiterlesen',
  preparing: 'Die Daten werden vorbereitet …',
  uploading: (done, total) => `Vorbereitet und hochgeladen: ${done} von ${total}`,
  cancelled:
    'Das Hochladen wurde abgebrochen. Was schon oben ist, wird beim Weitermachen nicht noch einmal geschickt.',
  failed: why =>
    `Das Hochladen hat aufgehört: ${why}. Alles Gewählte ist noch da. Beim Weitermachen wird nicht noch einmal geschickt, was schon oben ist.`,
  done: name => `${name} ist auf dieser Plattform.`,
  doneMore: (train, test, size) => `${train} für das Training, ${test} für den Test, ${size}.`,
  makeRun: 'Einen Lauf damit anlegen',

  list: 'Daten auf dieser Plattform',
  listFailed: why => `Die Liste konnte nicht geladen werden: ${why}`,
  listed: (train, test, classes) => `${train} für das Training, ${test} für den Test, ${classes}.`,
  sizeOf: (size, isGrey) => `${size}, ${isGrey ? 'grau' : 'in Farbe'}.`,
  readyMade: 'fertig dabei',
  remove: name => `${name} löschen`,
  removeYes: 'Für alle löschen',
  removed: name => `${name} ist gelöscht.`,
  keyHere: 'Dieser Browser kann die Daten wieder löschen, in der Liste unten, solange kein Lauf sie braucht.',
  useIt: name => `Einen Lauf mit ${name} anlegen`,
};
