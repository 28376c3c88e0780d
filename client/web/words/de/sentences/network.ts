import type { Sentences } from './sentences.ts';

/** What is said of a network that cannot be read, cut or trained. */
export const networkSentences: Sentences = {
  'the layers of this network stand deeper in one another than this device can follow':
    'die Schichten dieses Netzes sind tiefer ineinander geschachtelt, als dieses Gerät verfolgen kann',
  'tf.layers cannot build {}, and says: {}': 'tf.layers kann {1} nicht bauen und sagt: {2}',
  'layer {} ({}) cannot take {}. tf.layers says: {}':
    'Schicht {1} ({2}) kann {3} nicht nehmen. tf.layers sagt: {4}',
  "weight {} of {} has the shape [{}], but the run's outline has {}":
    'Gewicht {1} von {2} hat die Maße [{3}], aber der Lauf nennt {4}',
  "{} has {} {}, but the run's outline has {}": '{1} hat {2} {3}, aber der Lauf nennt {4}',
  'multiply-accumulates an example': 'Rechenschritte je Beispiel',
  'activations an example': 'Aktivierungen je Beispiel',
  'no such weight': 'kein solches Gewicht',
  '{} has no weight {} of [{}]': '{1} hat kein Gewicht {2} mit den Maßen [{3}]',

  '{} has {} million parameters, of which layer {} has {} million: at most {} million can be trained here, because training holds each four times and WebAssembly has 4 GB. Give that layer fewer units or filters, or put a pooling before it':
    '{1} hat {2} Millionen Parameter, davon Schicht {3} {4} Millionen: Höchstens {5} Millionen lassen sich hier trainieren, denn das Training hält jeden viermal, und WebAssembly hat 4 GB. Dieser Schicht weniger Einheiten oder Filter geben oder sie hinter ein Pooling setzen',

  // Where it is cut.
  '{} is cut {} times: at most {} cuts are allowed':
    '{1} wird {2} Mal geschnitten: Höchstens {3} Schnitte sind erlaubt',
  '{} is to be cut after {} twice': '{1} soll zweimal nach {2} geschnitten werden',
  '{} is to be cut after {}, then after {}, which comes before it: name cuts from input to output':
    '{1} soll nach {2} geschnitten werden und dann nach {3}, das davor kommt: Schnitte vom Eingang zum Ausgang nennen',
  'it has no such layer': 'es hat keine solche Schicht',
  'a segment would have no layers': 'ein Teil hätte keine Schichten',
  'more than one tensor crosses there (a skip connection goes past it)':
    'dort geht mehr als ein Tensor hindurch (eine Abkürzung führt daran vorbei)',
  '{} cannot be cut after {}: {}. {}': '{1} lässt sich nach {2} nicht schneiden: {3}. {4}',
  'There is no other place to cut it': 'Eine andere Stelle gibt es nicht',
  'It can be cut after {}{}': 'Möglich ist es nach {1}{2}',
  ' and {} other layers': ' und {1} weiteren Schichten',
  '{} is cut into 1 to {} segments, not {}': '{1} wird in 1 bis {2} Teile geschnitten und nicht in {3}',
  '{} has no weights to train{}': '{1} hat keine Gewichte zu trainieren{2}',
  '{} cannot be cut in two: only layer {} has weights to train, and each segment needs some{}. The plan conventional trains it in 1 segment':
    '{1} lässt sich nicht in zwei Teile schneiden: Nur Schicht {2} hat Gewichte zu trainieren, und jeder Teil braucht welche{3}. Der Plan conventional trainiert es als 1 Teil',
  'between layers with weights to train where one tensor alone crosses':
    'zwischen Schichten mit Gewichten, an der nur ein Tensor hindurchgeht',
  '{} cannot be cut in two: there is no place {} (a skip connection goes past every one of them){}':
    '{1} lässt sich nicht in zwei Teile schneiden: Es gibt keine Stelle {2} (eine Abkürzung führt an jeder vorbei){3}',
  '{} can be cut into at most {} segments: there are no more places {}{}':
    '{1} lässt sich in höchstens {2} Teile schneiden: Mehr Stellen {3} gibt es nicht{4}',
  '. {} {} frozen (trainable: false)': '. {1} {2} eingefroren (trainable: false)',
  'layer is': 'Schicht ist',
  'layers are': 'Schichten sind',
  'segment {} of {} has no weights to train: cut it elsewhere':
    'Teil {1} von {2} hat keine Gewichte zu trainieren: anderswo schneiden',
  'segment {} of {} has {} layers and {} weights: at most {} and {} are possible. Cut it into more segments':
    'Teil {1} von {2} hat {3} Schichten und {4} Gewichte: Höchstens {5} und {6} sind möglich. In mehr Teile schneiden',
  'segment {} has no layers': 'Teil {1} hat keine Schichten',
  '{} has no layers': '{1} hat keine Schichten',

  // Its files.
  'this is not a model.json: it is not JSON, or nests too deep':
    'das ist keine model.json: Es ist kein JSON oder zu tief geschachtelt',
  'this is not a model.json of tf.layers: it has other fields':
    'das ist keine model.json von tf.layers: Sie hat andere Felder',
  'this is a graph model, whose layers are gone. Convert the file that Keras saved: tensorflowjs_converter --input_format=keras model.h5 FOLDER, or --input_format=keras_keras for a .keras file':
    'das ist ein Graph, dessen Schichten weg sind. Die Datei umwandeln, die Keras gespeichert hat: tensorflowjs_converter --input_format=keras model.h5 ORDNER, bei einer .keras-Datei --input_format=keras_keras',
  '{} puts out {} numbers for a picture, but the data has {} classes':
    '{1} gibt {2} Zahlen für ein Bild aus, aber die Daten haben {3} Klassen',
  'layer {} has no fixed output shape': 'Schicht {1} hat am Ausgang keine festen Maße',
  'pictures of this size are too small: nothing of them reaches layer {}':
    'Bilder dieser Größe sind zu klein: Bei Schicht {1} kommt nichts von ihnen an',
  'the file of weights {}, which model.json names, is missing':
    'die Datei mit Gewichten {1}, die model.json nennt, fehlt',
  '{} {} bytes more than model.json describes: bring the weights of this network':
    'die Dateien mit Gewichten haben mehr Bytes, als model.json beschreibt: die Gewichte dieses Netzes wählen',
  '{} the weights that model.json describes': 'die Gewichte, die model.json beschreibt, sind nicht da: {1}',
  'does not hold': 'hat etwas anderes',
  'do not hold': 'haben etwas anderes',
  'model.json has one weight {} for two layers, of which one is {}: give the layers different names':
    'model.json hat ein Gewicht {1} für zwei Schichten, eine davon ist {2}: den Schichten verschiedene Namen geben',
  'weight {} is of type {}: only float32 is trained here':
    'Gewicht {1} ist vom Typ {2}: Hier wird nur float32 trainiert',
  'weight {} is [{}], its layer wants [{}]': 'Gewicht {1} hat die Maße [{2}], seine Schicht braucht [{3}]',
  'model.json has several weights {}, and does not say which one is {}: convert the .keras file, or give the layers different names':
    'model.json hat mehrere Gewichte {1} und sagt nicht, welches {2} ist: die .keras-Datei umwandeln oder den Schichten verschiedene Namen geben',
  'model.json has no weight {}': 'model.json hat kein Gewicht {1}',
  'no model {} in the zoo: there is {}': 'ein Netz {1} gibt es hier nicht, sondern {2}',
  'layer {} keeps a variance {} times that of a picture in [0, 1]: if the network learnt from pictures in [0, 255], put a Rescaling of 255 in front':
    'Schicht {1} hat eine Varianz, die {2} Mal so groß ist wie die eines Bildes in [0, 1]: Hat das Netz aus Bildern in [0, 255] gelernt, braucht es davor ein Rescaling mit 255',
  'tfjs says: {}': 'tfjs sagt: {1}',
  'its loss or a gradient on one example is not a finite number':
    'sein Fehlermaß oder ein Gradient ist bei einem Beispiel keine endliche Zahl',
  '{} cannot be trained here: layer {} ({}) fails on one example. {}':
    '{1} lässt sich hier nicht trainieren: Schicht {2} ({3}) scheitert an einem Beispiel. {4}',
  '{} cannot be trained here. {}': '{1} lässt sich hier nicht trainieren. {2}',
  'A result is not a finite number': 'Ein Ergebnis ist keine endliche Zahl',
};
