import type { Sentences } from './sentences.ts';

/** What the trainer says while it starts and works. */
export const trainerSentences: Sentences = {
  'the trainer was not started': 'das Programm zum Trainieren wurde nicht gestartet',
  'the loss': 'das Fehlermaß',
  'a weight of {}': 'ein Gewicht von {1}',
  'the learning rate is too high for this network': 'die Lernrate ist zu hoch für dieses Netz',
  '{} is not a finite number: {}': '{1} ist keine endliche Zahl: {2}',
  '{} came with weights {}, which no training can mend':
    '{1} kam mit Gewichten {2}, und das kann kein Training heilen',
  'up to {}': 'bis {1}',
  'that are no numbers': 'die keine Zahlen sind',
  '{}; {} examples at once': '{1}; {2} Beispiele auf einmal',
  'the lease was cancelled': 'die Aufgabe wurde abgebrochen',
  'a part of the data does not decode: {}': 'ein Teil der Daten lässt sich nicht lesen: {1}',
  'there is no part to take pictures of': 'es gibt keinen Teil, aus dem Bilder kommen könnten',

  'the graphics device failed: {}': 'die Grafikkarte ist ausgefallen: {1}',
  'out of memory: {}': 'der Speicher reicht nicht: {1}',
  'a kernel trapped: {}': 'eine Rechnung brach ab: {1}',
  'a shader did not compile: {}': 'ein Programm für die Grafikkarte ließ sich nicht übersetzen: {1}',
  'no reason given': 'ohne Angabe von Gründen',
  'it computes {} wrongly': 'sie rechnet {1} falsch',
  '{}: the response was {}': '{1}: Die Antwort war {2}',
  '{} failed ({})': '{1} ging nicht ({2})',
  'no backend was started': 'nichts zum Rechnen wurde gestartet',
  '{}; training on {}': '{1}; trainiert auf {2}',
  '{} does not work here ({})': '{1} geht hier nicht ({2})',
  'it did not start': 'es startete nicht',
  'it did not start within {} s': 'er startete nicht in {1} s',
  'this engine has no WebAssembly': 'dieser Browser hat kein WebAssembly',
  'without our own kernels: {}': 'ohne die eigenen schnellen Rechnungen: {1}',
  '1 thread: memory cannot be shared between threads here':
    '1 Thread: Speicher lässt sich hier nicht zwischen Threads teilen',
  'this engine has no SIMD': 'dieser Browser hat kein SIMD',
  'no graphics driver was found': 'kein Treiber für die Grafikkarte wurde gefunden',
  'there is no WebGPU here': 'hier gibt es kein WebGPU',
  'no room for a tensor of {} bytes': 'kein Platz für einen Tensor von {1} Bytes',
  'a kernel failed on a helper thread': 'eine Rechnung ist auf einem weiteren Thread gescheitert',
  'a helper thread was lost': 'ein weiterer Thread ging verloren',
  '{} of {} threads started ({})': '{1} von {2} Threads gestartet ({3})',
};
