import type { Sentences } from './sentences.ts';

/** What the readers of data say. */
export const dataSentences: Sentences = {
  // Files and archives.
  'cannot be read: {}': 'lässt sich nicht lesen: {1}',
  '{} cannot be read: {}': '{1} lässt sich nicht lesen: {2}',
  'cannot be opened': 'lässt sich nicht öffnen',
  'cannot be unpacked: {}': 'lässt sich nicht entpacken: {1}',
  'is not there': 'ist nicht da',
  'is empty': 'ist leer',
  '{} is empty': '{1} ist leer',
  '{} is empty, once unpacked': '{1} ist leer, wenn es entpackt ist',
  'it is a folder, not a file': 'es ist ein Ordner und keine Datei',
  'it is a zip in a zip, so unpack it first': 'es ist ein Zip in einem Zip, also vorher entpacken',
  'has {} MB: at most {} are read': 'hat {1} MB: Höchstens {2} werden gelesen',
  'is damaged in the zip': 'ist im Zip beschädigt',
  'is not in the zip': 'ist nicht im Zip',
  'holds {} files: at most {} are read from one zip':
    'enthält {1} Dateien: Aus einem Zip werden höchstens {2} gelesen',
  'would unpack to {} GB, so it is not opened: at most {} GB are read':
    'würde entpackt {1} GB groß, also wird es nicht geöffnet: Höchstens {2} GB werden gelesen',
  'is no zip file, or is cut off: download or pack it again':
    'ist keine Zip-Datei oder ist abgeschnitten: noch einmal herunterladen oder packen',
  'it is encrypted: pack it without a password': 'es ist verschlüsselt: ohne Passwort packen',
  'it is packed by method {}, which is not read: pack it with the usual one (deflate)':
    'es ist mit Verfahren {1} gepackt, das nicht gelesen wird: mit dem üblichen packen (deflate)',
  'it would unpack to {} MB, which is too large': 'es würde entpackt {1} MB groß, und das ist zu viel',
  'it would unpack to {} times its size, as a zip bomb does':
    'es würde entpackt {1} Mal so groß, wie eine Zip-Bombe',
  '{}: {}, unpacked {} bytes before': '{1}: {2}, nach {3} entpackten Bytes',
  '{} unpacks to more than {} bytes': '{1} wird entpackt größer als {2} Bytes',
  'gzip is corrupt or cut off between bytes {} and {}':
    'gzip ist zwischen Byte {1} und {2} beschädigt oder abgeschnitten',
  'gzip is cut off': 'gzip ist abgeschnitten',
  'gzip checksum or length before byte {} does not agree: corrupt or cut off':
    'Prüfsumme oder Länge von gzip vor Byte {1} stimmt nicht: beschädigt oder abgeschnitten',
  'is a web page: download the file again': 'ist eine Webseite: die Datei noch einmal herunterladen',
  'is a pointer of Git LFS: fetch the file itself with `git lfs pull`':
    'ist nur ein Verweis von Git LFS: die Datei selbst mit `git lfs pull` holen',
  'is packed with zip: unpack it first': 'ist mit zip gepackt: vorher entpacken',
  'is packed with bzip2: unpack it first': 'ist mit bzip2 gepackt: vorher entpacken',
  'is packed with xz: unpack it first': 'ist mit xz gepackt: vorher entpacken',
  'is packed with gzip more than twice: unpack it first':
    'ist mehr als zweimal mit gzip gepackt: vorher entpacken',
  'is a Python pickle, which is not read': 'ist ein Pickle von Python, das nicht gelesen wird',
  'is of the Python version of CIFAR, which is not read: take the binary version':
    'gehört zur Python-Fassung von CIFAR, die nicht gelesen wird: die binäre Fassung nehmen',
  'is of the Matlab version, which is not read: take the binary version':
    'gehört zur Matlab-Fassung, die nicht gelesen wird: die binäre Fassung nehmen',
  'is an archive: unpack it first': 'ist ein Archiv: vorher entpacken',
  'is a download that has not ended': 'ist ein Download, der nicht zu Ende ist',
  'is of a format that is not read': 'hat ein Format, das nicht gelesen wird',

  'would unpack to {} times its size, as a zip bomb does, so it is not opened':
    'würde entpackt {1} Mal so groß, wie eine Zip-Bombe, also wird es nicht geöffnet',
  'nothing in {} can be read': 'in {1} lässt sich nichts lesen',
  'the reading was ended': 'das Lesen wurde beendet',

  // Pictures.
  'is a picture of the kind {}: save it as PNG, JPEG or WebP':
    'ist ein Bild der Art {1}: als PNG, JPEG oder WebP speichern',
  'is a picture of another kind: save it as PNG, JPEG or WebP':
    'ist ein Bild anderer Art: als PNG, JPEG oder WebP speichern',
  'is no PNG, JPEG or WebP picture': 'ist kein Bild als PNG, JPEG oder WebP',
  'is damaged': 'ist beschädigt',
  'is damaged: its {} header is cut off or wrong':
    'ist beschädigt: Sein {1}-Kopf ist abgeschnitten oder falsch',
  'is damaged: it says {} × {} pixels': 'ist beschädigt: Es nennt {1} × {2} Pixel',
  'has {} megapixels ({} × {}): at most {} are decoded, so make it smaller first':
    'hat {1} Megapixel ({2} × {3}): Höchstens {4} werden gelesen, also vorher verkleinern',
  'cannot be decoded: it is damaged, or this browser does not know its kind':
    'lässt sich nicht lesen: Es ist beschädigt, oder dieser Browser kennt seine Art nicht',
  'was decoded to another size': 'kam in anderer Größe heraus',
  'this browser cannot draw': 'dieser Browser kann nicht zeichnen',
  'this browser cannot draw outside the page': 'dieser Browser kann außerhalb der Seite nicht zeichnen',

  // Folders, and classes.
  'what you brought': 'was mitgebracht wurde',
  'what you chose': 'die Auswahl',
  'the script that reads files could not be loaded':
    'das Programm, das Dateien liest, konnte nicht geladen werden',
  '{} holds no files': '{1} enthält keine Dateien',
  '{}; left out: {} {}{}': '{1}; weggelassen: {2} {3}{4}',
  ' (and {} more)': ' (und {1} weitere)',
  'there are several tables, {}{}: bring one of them':
    'es sind mehrere Tabellen da, {1}{2}: eine davon wählen',
  '{} and more': '{1} und weitere',
  'lies in no folder, and the folder says the class':
    'liegt in keinem Ordner, und erst der Ordner nennt die Klasse',
  '{} has {} pictures that lie in no folder: put those of each class in a folder that is called as the class':
    '{1} hat {2} Bilder, die in keinem Ordner liegen: die jeder Klasse in einen Ordner legen, der wie die Klasse heißt',
  '{} has {} classes, one for each {}: at most {} are possible':
    '{1} hat {2} Klassen, eine für {3}: Höchstens {4} sind möglich',
  '{} has nothing that can be read': '{1} hat nichts, was sich lesen lässt',
  '{} has one class only ({}): there is nothing to tell apart, so add a {} of another class':
    '{1} hat nur eine Klasse ({2}): Es gibt nichts zu unterscheiden, also etwas aus einer anderen Klasse dazutun',
  folder: 'jeden Ordner',
  value: 'jeden Wert',
  'no {} example is left: {} cannot be read and {} are the same as others':
    'es bleibt kein Beispiel ({1}): {2} lassen sich nicht lesen, und {3} sind dieselben wie andere',
  'an example of {} × {} × {} does not fit a part of 1 MB: make it smaller':
    'ein Beispiel von {1} × {2} × {3} passt nicht in einen Teil von 1 MB: kleiner machen',
  'an example of {} × {} × {} is too large: a part of at most 1 MB must hold one, of at most 1,024 × 1,024 and 16 channels':
    'ein Beispiel von {1} × {2} × {3} ist zu groß: Ein Teil von höchstens 1 MB muss eines fassen, von höchstens 1.024 × 1.024 und 16 Kanälen',
  'there are {} training and {} test examples: both are needed':
    'es sind {1} Beispiele zum Trainieren und {2} zum Prüfen da: Beide werden gebraucht',
  '{} training and {} test examples': '{1} Beispiele zum Trainieren und {2} zum Prüfen',
  'training and test examples differ in shape or number of classes':
    'Beispiele zum Trainieren und zum Prüfen haben verschiedene Größe oder Zahl von Klassen',
  'more than {} examples of this size do not fit {} parts: make them smaller':
    'mehr als {1} Beispiele dieser Größe passen nicht in {2} Teile: kleiner machen',
  'more than {} examples of this size do not fit {} parts':
    'mehr als {1} Beispiele dieser Größe passen nicht in {2} Teile',
  '{} holds neither {}': '{1} enthält weder {2}',
  'folders of pictures (PNG, JPEG, WebP), nor a table (CSV), nor IDX files (train-images-idx3-ubyte, …), nor CIFAR-10 or CIFAR-100 binaries (data_batch_1.bin, …; train.bin, …)':
    'Ordner mit Bildern (PNG, JPEG, WebP) noch eine Tabelle (CSV) noch IDX-Dateien (train-images-idx3-ubyte, …) noch die binären Dateien von CIFAR-10 oder CIFAR-100 (data_batch_1.bin, …; train.bin, …)',
  '{}; {} has another name, so it is not taken': '{1}; {2} heißt anders und wird deshalb nicht genommen',
  '; {} has another name, so it is not taken': '; {1} heißt anders und wird deshalb nicht genommen',

  // Tables.
  '{} is not read: {}': '{1} wird nicht gelesen: {2}',
  'there is no text to read': 'es ist kein Text da',
  '{} has no rows': '{1} hat keine Zeilen',
  '{} has one column: it needs one for the classes and others to learn from':
    '{1} hat nur eine Spalte: Es braucht eine für die Klassen und andere, aus denen gelernt wird',
  'is a table that is neither for training nor for testing, by its name':
    'ist eine Tabelle, die dem Namen nach weder zum Trainieren noch zum Testen ist',
  '{} is no text: save it as CSV (UTF-8)': '{1} ist kein Text: als CSV (UTF-8) speichern',
  '{} has one column: it needs one for the classes and others to learn from, with commas, semicolons or tabs between them':
    '{1} hat nur eine Spalte: Es braucht eine für die Klassen und andere, aus denen gelernt wird, durch Komma, Strichpunkt oder Tabulator getrennt',
  '{} has {} columns: at most {} are read': '{1} hat {2} Spalten: Höchstens {3} werden gelesen',
  'has a quote that is never closed': 'hat ein Anführungszeichen, das nie geschlossen wird',
  '{} has no column of numbers beside {}': '{1} hat außer {2} keine Spalte mit Zahlen',
  '{} has {} columns of numbers: at most {} are possible':
    '{1} hat {2} Spalten mit Zahlen: Höchstens {3} sind möglich',
  'it has {} columns, not {}, so it lacks the classes or is of another table':
    'sie hat {1} Spalten und nicht {2}, also fehlen die Klassen, oder sie gehört zu einer anderen Tabelle',
  'its columns have other names': 'ihre Spalten heißen anders',
  '{} has no column {}: it has {}{}': '{1} hat keine Spalte {2}, sondern {3}{4}',
  ' and more': ' und weitere',
  'the classes are taken from {}': 'die Klassen stehen in {1}',
  'not read, because it is not of numbers: {}': 'nicht gelesen, weil dort keine Zahlen stehen: {1}',
  '{} has more than {} rows, which do not fit memory':
    '{1} hat mehr als {2} Zeilen, und die passen nicht in den Speicher',
  '{} has no row that can be read': '{1} hat keine Zeile, die sich lesen lässt',
  'has {} columns, not {}': 'hat {1} Spalten und nicht {2}',
  'has no class': 'hat keine Klasse',
  'lacks a number in {}': 'hat keine Zahl in {1}',
  'has {} in {}, which is no number': 'hat {1} in {2}, und das ist keine Zahl',
  'has {} in {}: pixels are from 0 to {}': 'hat {1} in {2}: Pixel gehen von 0 bis {3}',
};
