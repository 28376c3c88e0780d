import type { Sentences } from './sentences.ts';

/** Why a run cannot be made as the form describes it. */
export const newRunSentences: Sentences = {
  '{} with these settings never trains {}, rounds: {}':
    '{1} trainiert {2} mit diesen Einstellungen nie, bei {3} Runden',
  '{} wants a network of two segments or more, {} has one':
    '{1} braucht ein Netz aus zwei Segmenten oder mehr, {2} hat eines',
  '{} wants an auxiliary head on {}': '{1} braucht einen eigenen Ausgang nach {2}',
  'sub-networks wants a network without batch norm, {} has {}: choose one with group norm':
    'sub-networks braucht ein Netz ohne Batch-Normalisierung, {1} hat {2}: eines mit Gruppen-Normalisierung wählen',
  'no layer of {} can be sliced: none has channels that only known layers use':
    'keine Schicht von {1} lässt sich teilen: Keine hat Kanäle, die nur bekannte Schichten nutzen',
  'sub-networks cannot slice {}: {}': 'sub-networks kann {1} nicht teilen: {2}',
  '{} equal shares of the channels of {} are not possible: it has {}{}':
    '{1} gleiche Anteile der Kanäle von {2} sind nicht möglich: Es sind {3}{4}',
  ', of which {} belong together': ', von denen {1} zusammengehören',
  'a width of {} leaves {} no channels: it has {}, of which {} belong together':
    'eine Breite von {1} lässt {2} keine Kanäle: Es sind {3}, von denen {4} zusammengehören',
  'cannot freeze from {} on, it grows until {}': 'Einfrieren ab {1} geht nicht, denn das Netz wächst bis {2}',
  'cannot freeze segments whose heads stay (answer=sum) in a network of more than two':
    'Segmente, deren Köpfe bleiben (answer=sum), lassen sich in einem Netz aus mehr als zweien nicht einfrieren',
  'cannot distil sums (answer=sum, beta) that do not learn from the labels (lambda=0) in a network of more than two':
    'Summen (answer=sum), die nicht aus den Klassen lernen (λ = 0), können in einem Netz aus mehr als zwei Segmenten nicht voneinander lernen (β)',
  'momentum-auxiliary wants a moving average before the head of {}: build the network for this plan':
    'momentum-auxiliary braucht vor dem Kopf von {1} einen gleitenden Durchschnitt: das Netz für diesen Plan bauen',
  '{} looks for patterns among neighbouring pixels, and a table has none: take mlp':
    '{1} sucht Muster in benachbarten Pixeln, und eine Tabelle hat keine: mlp nehmen',
  'each version is to be checked, and no training pictures are held back for that: hold some back (root.parts, --root), or let versions be checked only if a referee is there (policy.check, --check if-present)':
    'jede Version soll vorab geprüft werden, und dafür werden keine Trainingsbilder zurückbehalten: welche zurückbehalten oder nur prüfen lassen, wenn ein Schiedsrichter da ist',
  'fltrust compares each update with one that a referee trains on the root set, and this run holds nothing back: hold some pictures back (--root), or choose geometric-median or multi-krum':
    'fltrust vergleicht jeden Beitrag mit dem eines Schiedsrichters, und dieser Lauf behält nichts zurück: Bilder zurückbehalten oder geometric-median oder multi-krum wählen',
  'the mean of means is the mean: leave the bucket out, or choose another rule':
    'das Mittel von Mitteln ist das Mittel: nichts vorher mitteln oder eine andere Regel wählen',
  '{} needs all updates of a role in one place: set policy.cohorts to 1 or auto, or choose clipped-mean without buckets':
    '{1} braucht alle Beiträge einer Rolle an einem Ort: eine einzige Gruppe nehmen oder clipped-mean ohne vorheriges Mitteln',
  '{} compares {} updates of a role at least, and a round of {} updates for {} role{} wants {} of each: let a round take {} updates or more, {}':
    '{1} vergleicht mindestens {2} Beiträge einer Rolle, und eine Runde aus {3} Beiträgen für {4} Rollen{5} hat {6} von jeder: mindestens {7} Beiträge pro Runde nehmen, {8}',
  '{} compares {} updates of a role at most, of a network as large as this one, and a round of {} updates for {} role{} wants {} of each: let a round take {} updates or less, or choose clipped-mean without buckets':
    '{1} vergleicht bei einem so großen Netz höchstens {2} Beiträge einer Rolle, und eine Runde aus {3} Beiträgen für {4} Rollen{5} hat {6} von jeder: höchstens {7} Beiträge pro Runde nehmen oder clipped-mean ohne vorheriges Mitteln',
  '{} with buckets': '{1} mit vorher gemittelten Beiträgen',
  'or make smaller buckets': 'oder weniger vorher mitteln',
  'or choose clipped-mean': 'oder clipped-mean wählen',
  'an update of {} by the {} takes up to {} bytes, at most {} can be sent: cut the network into more segments':
    'ein Beitrag zu {1} (Rolle {2}) hat bis zu {3} Bytes, und höchstens {4} können geschickt werden: das Netz in mehr Segmente schneiden',
  '{} has {} shards, its tensors make {}': '{1} hat {2} Stücke, seine Tensoren ergeben {3}',
  'there are shards of {}, which is no segment of the network':
    'es gibt Stücke von {1}, und das ist kein Segment des Netzes',
  'the network takes {} numbers an example, {} has {}': 'das Netz nimmt {1} Zahlen je Beispiel, {2} hat {3}',
  'the network tells {} classes, {} has {}': 'das Netz unterscheidet {1} Klassen, {2} hat {3}',
  'a lease would hold {} examples, at most {} can be weighed':
    'eine Aufgabe hätte {1} Beispiele, höchstens {2} können zählen',
  'blob {}… was not uploaded': 'die Datei {1}… wurde nicht hochgeladen',
  'a name is one line without control characters': 'ein Name ist eine Zeile ohne Steuerzeichen',
  'a text is one line without control, direction or invisible characters':
    'ein Text ist eine Zeile ohne Steuerzeichen, Richtungszeichen oder unsichtbare Zeichen',
};
