import type { DownloadWords } from '../en/download.ts';

export const download: DownloadWords = {
  title: 'Mitnehmen',
  intro: 'Das Netz als Dateien. Es funktioniert ohne diese Plattform.',
  version: 'Version',
  versionOption: (version, { isNewest, isBest, accuracy }) =>
    [
      String(version),
      ...(accuracy === null ? [] : [accuracy]),
      ...(isBest ? ['die bisher beste'] : []),
      ...(isNewest ? ['die neueste'] : []),
    ].join(', '),
  zip: (version, size) => `Version ${version} herunterladen (Zip, bis zu ${size})`,
  safetensors: size => `Nur die Gewichte (safetensors, ${size})`,
  progress: share => `${share} geholt`,
  saved: name => `${name} liegt in den Downloads.`,
  warning: text => `Das muss man darüber wissen: ${text}.`,
  failed: why => `Nichts wurde gespeichert: ${why}. Versuche es noch einmal, oder wähle eine andere Version.`,
  notLoaded: 'das Skript, das Dateien packt, ließ sich nicht laden',
  whatIsInIt: 'Was im Zip ist',
  files: [
    [
      'index.html',
      'Öffne sie, und sie klassifiziert: ohne Server und ohne Internet. Ein kleines TensorFlow.js (0,9 MB) steckt darin, damit kein fremder Server davon erfährt. Ein sehr großes Netz hat keine.',
    ],
    ['model.json, weights.bin', 'Für TensorFlow.js.'],
    ['model.safetensors', 'Die Gewichte für Python und andere.'],
    ['metadata.json', 'Namen der Klassen, Größe der Eingabe.'],
    ['ONNX', 'Nicht dabei: Keine gut gepflegte Bibliothek schreibt es im Browser.'],
  ],
};
