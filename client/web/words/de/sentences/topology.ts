import type { Sentences } from './sentences.ts';

/** What is said of the layers of an own network. */
export const topologySentences: Sentences = {
  'layer {} has an activation that cannot be read: there is {}':
    'Schicht {1} hat eine Aktivierung, die sich nicht lesen lässt: Es gibt {2}',
  'layer {} has the activation {}, which cannot be trained here: there is {}':
    'Schicht {1} hat die Aktivierung {2}, die sich hier nicht trainieren lässt: Es gibt {3}',
  'layer {} ({}) names an axis twice: {}': 'Schicht {1} ({2}) nennt eine Achse zweimal: {3}',
  'layer {} (Permute) has dims = {}: it must name each of {} axes once, counted from 1':
    'Schicht {1} (Permute) hat dims = {2}: Sie muss jede von {3} Achsen einmal nennen, von 1 an gezählt',
  'layer {} ({}) has axis = {}, {}': 'Schicht {1} ({2}) hat axis = {3}, {4}',
  'and what comes in has {} axes': 'und was hineingeht, hat {1} Achsen',
  'which would mix the examples of a batch': 'und das würde die Beispiele eines Schritts vermischen',
  '{} has two layers of the name {}': '{1} hat zwei Schichten mit dem Namen {2}',
  '{}, a model in {}, takes {} inputs: it must take one':
    '{1}, ein Netz in {2}, hat {3} Eingänge: Es muss einen haben',
  'models go in a circle, or stand in one another too deep, at {}':
    'Netze verweisen im Kreis aufeinander oder sind zu tief geschachtelt, bei {1}',
  '{} has no layer {}, which another layer needs': '{1} hat keine Schicht {2}, die eine andere braucht',
  'layer {} was called with training=False: it does nothing':
    'Schicht {1} wurde mit training=False aufgerufen: Sie tut nichts',
  'layer {} was called with training=False: its statistics stay as they are, and so does what it learnt':
    'Schicht {1} wurde mit training=False aufgerufen: Ihre Statistiken bleiben, und was sie gelernt hat, auch',
  'it would take pictures back to what they were': 'sie würde Bilder wieder so machen, wie sie waren',
  'only the channels can be normalised, each by itself':
    'nur die Kanäle lassen sich normalisieren, jeder für sich',
  '{} left out: {}': '{1} weggelassen: {2}',
  'the pictures are {} already': 'die Bilder sind schon {1} groß',
  "{} cuts out {}, and the data's pictures are {}":
    '{1} schneidet {2} aus, und die Bilder der Daten haben {3}',
  'the pictures have its size': 'die Bilder haben schon ihre Größe',
  'the run does not flip pictures upside down': 'der Lauf stellt Bilder nicht auf den Kopf',
  'it asks the run to flip and crop the pictures that it trains on':
    'dafür spiegelt der Lauf die Bilder beim Trainieren und schneidet sie zu',
  'the run cannot change pictures in this way; it has flip-and-crop':
    'so kann der Lauf Bilder nicht verändern; er kann spiegeln und zuschneiden',
  '{} of layer {} cannot be {} here: without weights of its own the network starts from {}':
    '{1} von Schicht {2} kann hier nicht {3} sein: Ohne eigene Gewichte beginnt das Netz mit {4}',
  'there is no such initialiser: there is {}': 'so einen Anfangswert gibt es nicht, sondern {1}',
  'its {} must be {}': 'ihr {1} muss {2} sein',
  'its {} must be a number': 'ihr {1} muss eine Zahl sein',
  'its {} must be at least 0': 'ihr {1} muss mindestens 0 sein',
  'fine-tuning by LoRA is not trained here: merge it into the kernel before you save':
    'LoRA wird hier nicht trainiert: vor dem Speichern in die Gewichte einrechnen',
  'quantised layers are not trained here: save the network before you quantise it':
    'quantisierte Schichten werden hier nicht trainiert: das Netz vor dem Quantisieren speichern',
  'only 1 is possible in a layer of this class': 'in einer Schicht dieser Klasse ist nur 1 möglich',
  'batch renormalisation is not trained here': 'Batch-Renormalisierung wird hier nicht trainiert',
  'sparse inputs are not read here': 'dünn besetzte Eingänge werden hier nicht gelesen',
  'ragged inputs are not read here': 'Eingänge ungleicher Länge werden hier nicht gelesen',
  'a network takes one picture': 'ein Netz nimmt ein Bild',
  'virtual batches are not trained here': 'virtuelle Schritte werden hier nicht trainiert',
  'adjustments are not trained here': 'Anpassungen werden hier nicht trainiert',
  'scaling by the root mean square is not trained here':
    'Skalieren mit dem quadratischen Mittel wird hier nicht trainiert',
  'tfjs has no gradient for a threshold': 'tfjs hat keinen Gradienten für eine Schwelle',
  'tf.layers knows only 1': 'tf.layers kennt nur 1',
  'pictures are not cropped before they are resized here':
    'Bilder werden hier vor dem Verkleinern nicht zugeschnitten',
  'pictures are not padded before they are resized here':
    'Bilder bekommen hier vor dem Verkleinern keinen Rand',
  'pictures are not smoothed before they are resized here':
    'Bilder werden hier vor dem Verkleinern nicht geglättet',
  'the network ends with {} (layer {}): its numbers are taken for logits':
    'das Netz endet mit {1} (Schicht {2}): Seine Zahlen gelten als Logits',
  'the {} of layer {} left out: the network is trained and exported with logits as its output':
    '{1} von Schicht {2} weggelassen: Das Netz wird mit Logits als Ausgabe trainiert und heruntergeladen',
  '{} has {} layers in the words of tf.layers: at most {} are trained here':
    '{1} hat in tf.layers {2} Schichten: Höchstens {3} werden hier trainiert',
  'at least 2': 'mindestens 2',
  'layer {} ({}) takes {} inputs: it must take {}': 'Schicht {1} ({2}) hat {3} Eingänge: Es müssen {4} sein',
  'layer {} (Reshape) cannot make {} of {}: the numbers do not add up':
    'Schicht {1} (Reshape) kann aus {3} nicht {2} machen: Die Zahlen gehen nicht auf',
  'it is code, which the file does not hold': 'sie ist ein Programm, und das steht nicht in der Datei',
  'tf.layers cannot read attention from a file': 'tf.layers kann Attention nicht aus einer Datei lesen',
  'it is for sequences': 'sie ist für Folgen',
  'it is not for pictures': 'sie ist nicht für Bilder',
  'layer {} ({}) prepares pictures: it can only stand right behind the input':
    'Schicht {1} ({2}) bereitet Bilder vor: Sie kann nur gleich hinter dem Eingang stehen',
  'layer {} is of class {}, which cannot be trained here{}: there is {}':
    'Schicht {1} ist von der Klasse {2}, die sich hier nicht trainieren lässt{3}: Es gibt {4}',
  'layer {} is the operation {}, which no layer here does: write the network with layers':
    'Schicht {1} ist die Rechnung {2}, die hier keine Schicht kann: das Netz aus Schichten aufbauen',
  '{} takes {} inputs: it must take one picture': '{1} hat {2} Eingänge: Es muss ein Bild nehmen',
  "{} takes inputs of {}, the data's pictures are {}":
    '{1} nimmt Eingaben von {2}, die Bilder der Daten haben {3}',
  'an unknown shape': 'unbekannten Maßen',
  'models stand in models more than {} deep': 'Netze sind mehr als {1} Mal ineinander geschachtelt',
  'a topology of class {} cannot be read here: it must be Sequential, Functional or Model':
    'ein Netz der Klasse {1} lässt sich hier nicht lesen: Es muss Sequential, Functional oder Model sein',
  'this is not a topology of a tf.layers model: it has no class_name':
    'das beschreibt kein Netz von tf.layers: class_name fehlt',
  'a Sequential model does not list its layers': 'ein Sequential-Netz nennt seine Schichten nicht',
  'a functional model does not say its layers, its input and its output':
    'ein Functional-Netz nennt seine Schichten, seinen Eingang und seinen Ausgang nicht',
  "{} has {} outputs: it must have one, the classes' logits":
    '{1} hat {2} Ausgänge: Es muss einen haben, die Logits der Klassen',
  '{} has {} layers: at most {} are trained here':
    '{1} hat {2} Schichten: Höchstens {3} werden hier trainiert',
  'a layer of class {} has no name': 'eine Schicht der Klasse {1} hat keinen Namen',
  'layer {} is used {} times: shared layers cannot be cut':
    'Schicht {1} wird {2} Mal benutzt: Geteilte Schichten lassen sich nicht schneiden',
  'layer {} takes an output of a layer that has several':
    'Schicht {1} nimmt einen von mehreren Ausgängen einer Schicht',
  'layer {} is called with something else than outputs of layers, which cannot be read here':
    'Schicht {1} wird mit etwas anderem als Ausgängen von Schichten aufgerufen, und das lässt sich hier nicht lesen',
  'layer {} is called with {} = {}, which cannot be followed here':
    'Schicht {1} wird mit {2} = {3} aufgerufen, und das lässt sich hier nicht nachvollziehen',
  'layer {} ({})': 'Schicht {1} ({2})',
  'layer {} (Rescaling)': 'Schicht {1} (Rescaling)',
  'layer {} ({}) has {} = {}: {}': 'Schicht {1} ({2}) hat {3} = {4}: {5}',
  'layer {} ({}) does not say its {}': 'Schicht {1} ({2}) nennt {3} nicht',
  'such a setting is not known here. There is {}': 'so eine Einstellung ist hier nicht bekannt. Es gibt {1}',
  'this is no topology: it is not JSON, or nests too deep':
    'das beschreibt kein Netz: Es ist kein JSON oder zu tief geschachtelt',
  '{} does not say the shape of its input': '{1} nennt die Maße seines Eingangs nicht',
  'the layers of {} go in a circle at layer {}': 'die Schichten von {1} verweisen im Kreis, bei Schicht {2}',
  'nothing goes into layer {} of {}': 'in Schicht {1} von {2} geht nichts hinein',
  '{}, an input of {}, stands behind another layer':
    '{1}, ein Eingang von {2}, steht hinter einer anderen Schicht',
  'it is written for pictures in [0, 255], and here they are in [0, 1]':
    'sie ist für Bilder in [0, 255] geschrieben, und hier sind sie in [0, 1]',
  '{} has its scale times 255: {}': '{1} wird mit 255 malgenommen: {2}',
  '{} makes numbers up to {} of pictures in [0, 1]: a network learns badly from numbers far above 1':
    '{1} macht aus Bildern in [0, 1] Zahlen bis {2}: Aus Zahlen weit über 1 lernt ein Netz schlecht',
  'layer {} (ReLU) has both negative_slope and max_value: tf.layers has one of them at a time':
    'Schicht {1} (ReLU) hat negative_slope und max_value: tf.layers hat immer nur eines davon',
  'layer {} (Subtract) has {} inputs: it must have two':
    'Schicht {1} (Subtract) hat {2} Eingänge: Es müssen zwei sein',
  'layer {} drops single values here, and not whole channels or examples':
    'Schicht {1} lässt hier einzelne Werte weg und nicht ganze Kanäle oder Beispiele',
  'noise_shape of layer {} left out: it drops single values here':
    'noise_shape von Schicht {1} weggelassen: Sie lässt hier einzelne Werte weg',
  'layer {}, a penalty on activity, left out: the run uses its own weight decay':
    'Schicht {1}, eine Strafe auf Aktivität, weggelassen: Der Lauf hat seine eigene Gewichtsabnahme',
  '{} of layer {} left out: the run uses its own weight decay':
    '{1} von Schicht {2} weggelassen: Der Lauf hat seine eigene Gewichtsabnahme',
  'it must be {}': 'möglich ist {1}',
  'true or false': 'true oder false',
  'a whole number of at least 1': 'eine ganze Zahl ab 1',
  'a whole number of at least 1, or −1': 'eine ganze Zahl ab 1 oder −1',
  'a whole number of at least 1, or two of them': 'eine ganze Zahl ab 1 oder zwei davon',
  'a number of at least 0': 'eine Zahl ab 0',
  'a number': 'eine Zahl',
  'a number, or one for each channel': 'eine Zahl oder eine für jeden Kanal',
  'a number from 0 to below 1': 'eine Zahl von 0 bis unter 1',
  'a list of sizes': 'eine Liste von Größen',
  'a list of axes, counted from 1': 'eine Liste von Achsen, von 1 an gezählt',
  'whole numbers of at least 0': 'ganze Zahlen ab 0',
  'only channels_last is trained here': 'hier wird nur channels_last trainiert',
  'tfjs has no gradient for a dilated convolution': 'tfjs hat keinen Gradienten für eine gedehnte Faltung',
  'it must be one axis': 'es muss eine Achse sein',
  'axis 0 would mix the examples of a batch': 'Achse 0 würde die Beispiele eines Schritts vermischen',
  'it must be an axis or some axes': 'es müssen eine oder mehrere Achsen sein',
  'only float32 is trained here': 'hier wird nur float32 trainiert',
  'layer {} is trained in float32, not in {}': 'Schicht {1} wird in float32 trainiert und nicht in {2}',
  'layer {} ({}) has no fixed shape': 'Schicht {1} ({2}) hat keine festen Maße',
};
