import type { TryItWords } from '../en/try.ts';
import { examples } from './examples.ts';

const noCamera = {
  insecure:
    'Browser geben die Kamera nur Seiten, die über https oder von diesem Gerät kommen. Wähle stattdessen ein Bild.',
  refused:
    'Diese Seite darf die Kamera nicht nutzen. Erlaube es in der Adresszeile des Browsers und starte sie noch einmal, oder wähle ein Bild.',
  none: 'Der Browser kennt keine Kamera an diesem Gerät. Wähle stattdessen ein Bild.',
  busy: 'Ein anderes Programm nutzt die Kamera. Schließe es und starte sie noch einmal.',
  other: 'Die Kamera ist nicht gestartet',
};

export const tryIt: TryItWords = {
  title: 'Ausprobieren',
  intro: 'Zeige dem Netz etwas. Es antwortet in diesem Tab, und was du ihm zeigst, bleibt hier.',
  introEmbedded:
    'Ein Netz, das viele Browser gemeinsam trainiert haben. Was du ihm zeigst, bleibt in diesem Tab.',
  ownPage: 'Auf einer eigenen Seite öffnen',
  embed: 'In die eigene Seite einbauen',
  embedCode: 'Code für die eigene Seite',
  embedMore:
    'Füge das in das HTML einer beliebigen Seite ein. Es antwortet immer mit der neuesten Version dieses Laufs.',
  howToAsk: 'Wie man ihm etwas zeigt',
  ways: {
    draw: 'Zeichnen',
    picture: 'Bild',
    camera: 'Kamera',
    numbers: 'Zahlen',
  },
  drawHere:
    'Eine Tafel, auf der man mit Maus, Finger oder Stift zeichnet. Mit der Tastatur wähle stattdessen ein Testbild.',
  drawHint: 'Hier zeichnen',
  clear: 'Leeren',
  choosePicture: 'Bild auswählen',
  dropOrPaste: 'Ein Bild kann auch hierher gezogen oder eingefügt werden.',
  badPicture: (name, why) => `Die Datei ${name} ${why}. Wähle ein anderes Bild: PNG, JPEG oder WebP.`,
  startCamera: 'Kamera starten',
  stopCamera: 'Kamera anhalten',
  cameraShows: 'Was die Kamera sieht',
  cameraStaysHere: 'Was die Kamera sieht, bleibt in diesem Tab.',
  noCamera: (why, detail) => (why === 'other' ? `${noCamera.other}: ${detail}` : noCamera[why]),
  samples: kind => `Test${examples[kind].tail}`,
  loadingSamples: kind => `Die Test${examples[kind].tail} werden geladen …`,
  noSamples: (why, kind) =>
    `Die Test${examples[kind].tail} konnten nicht geladen werden: ${why}. Versuche es später noch einmal.`,
  sample: (place, name, kind) => `Test${examples[kind].one.toLowerCase()} ${place}: ${name}`,
  otherSamples: 'Andere zeigen',
  notANumber: 'Das ist keine Zahl. Schreib sie ohne Punkt für Tausender.',
  between: (least, most) => `Trainiert mit ${least} bis ${most}`,
  ask: 'Das Netz fragen',
  asking: 'Das Netz wird gefragt …',
  nothingYet: 'Die Antwort erscheint hier.',
  noAnswer: 'Das Netz nennt gar keine Zahl: Diese Version ist kaputt. Versuche eine andere.',
  networkSees: 'Was das Netz sieht',
  says: (name, share) => `Es sagt ${name}, ${share}.`,
  isRight: name => `Das stimmt: Es ist ${name}.`,
  isWrong: name => `Das stimmt nicht: Es ist ${name}.`,
  versionSays: version =>
    version === 0 ? 'Das sagt Version 0. Sie hat noch nichts gelernt.' : `Das sagt Version ${version}.`,
  away: why => `${why}. Prüfe die Verbindung; diese Seite macht von selbst weiter.`,
  wholePage: {
    notFound: 'Es gibt keinen Lauf mit dieser Kennung, oder er wurde gelöscht. Prüfe den Link.',
    loading: 'Das Netz wird geladen …',
    run: name => `Das ist der Lauf „${name}“.`,
    toRun: 'Ansehen, wie es trainiert wird, oder mithelfen',
    home: 'Homeroom: alle Läufe',
    wayHome: 'Mehr von Homeroom',
    drop: 'Ziehe ein exportiertes Netz hierher: das Zip oder seine Dateien.',
    choose: 'Zip oder Dateien auswählen',
    chooseMore:
      'Die Seite eines Laufs hat es unter „Mitnehmen“. Netze von Teachable Machine und von tf.layers gehen auch. Nichts wird hochgeladen.',
    from: place => `Dieses Netz kommt von ${place}.`,
    another: 'Ein anderes Netz öffnen',
    opening: 'Das Netz wird geöffnet …',
    failed: why => `Dieses Netz lässt sich nicht öffnen: ${why}`,
    notReached: url =>
      `${url} konnte nicht geladen werden. Der Server muss da sein, https sprechen, wenn diese Seite es tut, und anderen Seiten das Lesen erlauben (CORS).`,
    noModelJson: 'unter den Dateien ist keine model.json',
    standsAlone:
      'Das Netz steckt in dieser Datei. Es braucht keinen Server und kein Internet: Es rechnet in einfachem JavaScript auf diesem Gerät, darum lässt sich ein großes Netz Zeit.',
    lacksFile: path => `model.json nennt ${path}, das nicht unter den Dateien ist`,
    noShape: 'model.json sagt nicht, wie groß die Bilder sind',
    noAddress:
      'seine Adresse ist keine im Web. Sie beginnt mit https:// und führt zu einer model.json oder ihrem Ordner',
    tooLarge: most => `seine Dateien haben mehr als ${most}, und das ist zu viel für diese Seite`,
    tooManyFiles: most =>
      `model.json nennt mehr als ${most} Dateien mit Gewichten. Exportiere das Netz neu, in weniger Dateien`,
    outside: path =>
      `model.json nennt ${path}, das nicht in ihrem Ordner liegt und darum nicht geladen wird. Lege alle Dateien in einen Ordner`,
    silent: url => `${url} hat eine halbe Minute lang nichts gesendet. Versuche es später noch einmal`,
    noJson: 'seine model.json ist kein JSON. Führt die Adresse zu einer Seite, dann gib die der Datei an',
    graphModel:
      'seine Schichten sind verloren, weil es als Graph exportiert wurde. Exportiere es mit Schichten (tfjs_layers_model)',
    stop: 'Anhalten',
    openingBytes: bytes => `Das Netz wird geöffnet, bisher ${bytes} …`,
  },
};
