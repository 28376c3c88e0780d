import type { Sentences } from './sentences.ts';

/** What the readers of IDX and CIFAR say, and those of the parts that are uploaded. */
export const arraySentences: Sentences = {
  '{}: label {} at byte {} is not below {}': '{1}: Klasse {2} bei Byte {3} ist nicht kleiner als {4}',
  "{} holds records of {} bytes, which are {}'s: {} were expected":
    '{1} hat Einträge von {2} Bytes wie {3}: Erwartet waren {4}',
  '{}: expected a positive multiple of {} bytes, found {}: {} whole records and {} bytes of another':
    '{1}: Erwartet war ein Vielfaches von {2} Bytes, da sind {3}: {4} ganze Einträge und {5} Bytes eines weiteren',
  '{} of the {} pictures in {} are in {} too: they are counted once':
    '{1} der {2} Bilder in {3} stehen auch in {4}: Sie zählen einmal',
  '{} of the {} training batches are here, without {}':
    '{1} der {2} Dateien zum Trainieren sind da, es fehlt {3}',
  '{} holds labels, not pictures': '{1} enthält Klassen und keine Bilder',
  '{} holds pictures, not labels': '{1} enthält Bilder und keine Klassen',
  '{} has sizes {}: pictures are count × height × width':
    '{1} hat die Maße {2}: Bilder haben Anzahl × Höhe × Breite',
  '{} has sizes {}: labels have one, their count': '{1} hat die Maße {2}: Klassen haben nur ihre Anzahl',
  '{} holds {}: pictures are unsigned bytes, 0 to 255': '{1} enthält {2}: Bilder sind Bytes von 0 bis 255',
  '{} holds {}: labels are integers': '{1} enthält {2}: Klassen sind ganze Zahlen',
  '{} holds no picture: its sizes are {}': '{1} enthält kein Bild: Seine Maße sind {2}',
  '{}: label {} of picture {} is not from 0 to {}':
    '{1}: Klasse {2} von Bild {3} liegt nicht zwischen 0 und {4}',
  '{} is no IDX file: it has {} bytes': '{1} ist keine IDX-Datei: Sie hat {2} Bytes',
  '{}: its header needs {} bytes, found {}': '{1}: Ihr Kopf braucht {2} Bytes, da sind {3}',
  '{}: its header says {} bytes ({} {}), found {}': '{1}: Ihr Kopf nennt {2} Bytes ({3} {4}), da sind {5}',
  '{} is little-endian: IDX files are big-endian':
    '{1} hat das kleinste Byte zuerst: IDX-Dateien haben das größte zuerst',
  '{} is no IDX file: it begins with bytes {}, an IDX file with 0 0, a type and a rank':
    '{1} ist keine IDX-Datei: Sie beginnt mit den Bytes {2}, eine IDX-Datei mit 0 0, einer Art und einer Anzahl von Maßen',
  'unsigned bytes': 'Bytes ohne Vorzeichen',
  'signed bytes': 'Bytes mit Vorzeichen',
  '16-bit integers': 'ganze Zahlen von 16 Bit',
  '32-bit integers': 'ganze Zahlen von 32 Bit',
  '32-bit floats': 'Kommazahlen von 32 Bit',
  '64-bit floats': 'Kommazahlen von 64 Bit',
  '{} has data sets in several folders: give one of {}':
    '{1} hat Datensätze in mehreren Ordnern: einen davon wählen, {2}',
  'IDX files without a name': 'IDX-Dateien ohne Namen',
  '{} holds several data sets: ask for one of {}, or put it in a folder of its own':
    '{1} enthält mehrere Datensätze ({2}): einen davon in einen eigenen Ordner legen',
  '{} lacks {} (or as .gz){}': 'in {1} fehlt {2} (auch als .gz){3}',
  'EMNIST keeps its pictures with rows and columns exchanged: they are turned upright':
    'EMNIST hat Zeilen und Spalten seiner Bilder vertauscht: Sie werden aufgerichtet',
  '{} has {} pictures, {} has {} labels': '{1} hat {2} Bilder, {3} hat {4} Klassen',
  '{} does not say in each line a label and its characters: it is not used':
    '{1} nennt nicht in jeder Zeile eine Klasse und ihre Zeichen: Sie wird nicht benutzt',
  'holds {}, not {}: ask for it by its own name': 'enthält {1} und nicht {2}',
  'holds {} ({}), not {} ({}): ask for it by its own name': 'enthält {1} ({2}) und nicht {3} ({4})',
  'holds {}, which is not {} ({}): import it under a name of its own':
    'enthält {1}, und das ist nicht {2} ({3}): einen eigenen Namen dafür wählen',
  'pictures of {} in {} classes': 'Bilder von {1} in {2} Klassen',
  '{} of the {} training pictures repeat others: each counts as often as it is there':
    '{1} der {2} Bilder zum Trainieren gibt es mehrfach: Jedes zählt so oft, wie es da ist',
  '{} of the {} test pictures are training pictures too: the accuracy will be too good':
    '{1} der {2} Bilder zum Prüfen sind auch zum Trainieren da: Die Genauigkeit wird zu gut aussehen',
  '; {} of the {} test pictures are of such a class':
    '; {1} der {2} Bilder zum Prüfen sind aus einer solchen Klasse',
  '{} of the {} classes have no training picture and are not learnt: {}{}':
    '{1} der {2} Klassen haben kein Bild zum Trainieren und werden nicht gelernt: {3}{4}',
  '{} and {} hold different content: remove one of them':
    '{1} und {2} haben verschiedenen Inhalt: eine davon entfernen',
  '{} holds the same as {}: it is read once': '{1} enthält dasselbe wie {2}: Es wird einmal gelesen',
  '{} has no coarse labels: only CIFAR-100 has them': '{1} hat keine groben Klassen: Nur CIFAR-100 hat sie',
  'the files are read from the folder {} below': 'die Dateien werden aus dem Ordner {1} darunter gelesen',
  'not read, because no data file is called so: {}': 'nicht gelesen, weil keine Datendatei so heißt: {1}',
  'the file of class names {}: it is not used':
    'die Datei mit den Namen der Klassen {1}: Sie wird nicht benutzt',
  'has {} lines for {} classes': 'hat {1} Zeilen für {2} Klassen',
  'has in line {} more than a name of up to {} characters that can be printed':
    'hat in Zeile {1} mehr als einen Namen aus bis zu {2} druckbaren Zeichen',
  'training pictures are {}, test pictures {}: they must be alike':
    'Bilder zum Trainieren haben {1}, die zum Prüfen {2}: Sie müssen gleich groß sein',
  'labels begin at {}: label {} is class 0': 'die Klassen beginnen bei {1}: {2} ist Klasse 0',
  'every picture has label {}: there is nothing to tell apart':
    'alle Bilder haben Klasse {1}: Es gibt nichts zu unterscheiden',
  'part of {} bytes is shorter than its {}-byte header':
    'ein Teil von {1} Bytes ist kürzer als sein Kopf von {2}',
  'part does not begin with HRPT': 'der Teil beginnt nicht mit HRPT',
  'part version {} is unknown': 'Fassung {1} des Teils ist unbekannt',
  'part of {} examples needs {} bytes, has {}': 'ein Teil von {1} Beispielen braucht {2} Bytes und hat {3}',
  'part: label {} of example {} is not below {}':
    'Teil: Klasse {1} von Beispiel {2} ist nicht kleiner als {3}',
  '{} × {} × {} is no picture': '{1} × {2} × {3} ist kein Bild',
  'root.parts holds back {} of {} training parts and leaves none to train on: set it to {} or less{}':
    'von {2} Teilen zum Trainieren werden {1} zurückbehalten, und keiner bleibt übrig: höchstens {3} zurückbehalten{4}',
  ', which takes smaller parts: import the data set with more of them, or leave root out':
    ', wofür es kleinere Teile braucht: den Datensatz in mehr Teile geteilt hochladen oder nichts zurückbehalten',
  'the root set of {} ({}) has no example of {}': 'in den zurückbehaltenen Teilen ({1}, {2}) fehlt {3}',
  '{}: set root.parts to {}, whose {} have every class, or leave root out':
    '{1}: {2} Teile zurückbehalten, in denen jede Klasse ist ({3}), oder nichts zurückbehalten',
  '{}, and no number of parts at the end has every class and leaves some to train on: leave root out, or import the data set with evenly mixed parts':
    '{1}, und keine Zahl von Teilen am Ende hat jede Klasse und lässt welche zum Trainieren: nichts zurückbehalten oder den Datensatz gleichmäßig gemischt hochladen',
};
