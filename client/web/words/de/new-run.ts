import type { NewRunWords } from '../en/new-run.ts';
import { examples } from './examples.ts';
import { ruleTexts } from './rule-texts.ts';

export const newRun: NewRunWords = {
  title: 'Neuer Lauf',
  intro: 'Alles hat einen Standardwert: Ein Druck auf den Knopf unten genügt.',
  suggestedName: (pictures, day) => `${pictures}, ${day}`,
  suggestedAgain: (name, again) => `${name} (${again})`,
  glyphsName: 'Ziffern',

  theRun: 'Der Lauf',
  name: 'Name',
  nameHint: 'Bleibt das leer, bekommt der Lauf den Namen, der hier steht.',
  nameTaken: (day, id) => `Es gibt schon einen Lauf mit diesem Namen, vom ${day} (${id}).`,
  takeName: name => `Diesen „${name}“ nennen`,
  data: 'Daten',
  dataOption: (name, count, kind, classes) => `${name}: ${count} ${examples[kind].more}, ${classes} Klassen`,
  glyphsHint: 'Glyphs sind Ziffern, die jedes Gerät selbst zeichnet.',
  ownData: 'Eigene Daten hinzufügen',
  noSuchDataset: name => `Auf dieser Plattform gibt es keine Daten namens ${name}. Bitte hier auswählen.`,
  target: 'Angestrebte Genauigkeit, %',
  stopAtTarget:
    'Aufhören, wenn das Ziel erreicht ist: Ein Schiedsrichter muss es bestätigen oder zwei Geräte, die geholfen haben',
  rounds: 'Runden',
  minVolunteers: 'Auf so viele Geräte warten',
  minVolunteersHint: 'Das Training beginnt, wenn so viele beigetreten sind.',
  updates: 'Beiträge pro Runde',
  updatesHint: 'Eine Runde wartet auf weniger, wenn weniger Geräte da sind.',

  network: 'Das Netz',
  change: 'Ein anderes Netz, ein eigenes oder einen anderen Plan wählen',
  plan: 'Wie es lernt',
  segments: 'In so viele Segmente geschnitten',
  segmentsHint:
    'Jedes Segment wird für sich trainiert. Das Netz wird so geschnitten, dass das Training am wenigsten Speicher braucht.',
  segmentsFew: most => `Dieses Netz hat Stellen für höchstens ${most}.`,
  settingsOf: plan => `Einstellungen von ${plan}`,

  visibility: 'Wer den Lauf in der Liste findet',
  visibilities: {
    unlisted: 'nur du und alle, die seinen Link haben',
    public: 'alle, auf der ersten Seite',
  },
  visibilityHint: 'Sein Link öffnet den Lauf in jedem Fall für alle, die ihn haben.',

  more: 'Weitere Einstellungen',
  seed: 'Startwert',
  seedHint: 'Läufe mit demselben Startwert beginnen mit demselben Netz und denselben Daten.',
  batch: 'Batch-Größe',
  rate: 'Lernrate',
  rateEmpty: 'was zum Netz passt',
  rateHint: 'Das ist die Rate der ersten Runde. Sie fällt über die Runden auf null.',
  joinCode: 'Beitrittscode',
  joinCodeHint: least => `Mindestens ${least} Zeichen. Bleibt das leer, genügt der Link zum Beitreten.`,
  late: 'Beiträge, die zu spät kommen',
  lateBuffered: 'zählen in der nächsten Runde, etwas weniger',
  lateSynchronous: 'werden abgelehnt: Jede Runde besteht aus ihren eigenen Beiträgen',
  evaluators: 'Wer neue Versionen prüft',
  anyVolunteer: 'jedes Gerät',
  onlyReferees: 'nur Schiedsrichter, die den Host-Schlüssel haben',
  aggregation: 'Wie Beiträge zusammengefasst werden',
  safest: 'so sicher, wie es in diesem Lauf geht',
  safestHint:
    'Werden Trainingsdaten zurückbehalten, zählt jeder Beitrag so weit, wie er in die Richtung eines Schiedsrichters zeigt (fltrust). Sonst zählt der Punkt, der allen Beiträgen am nächsten liegt, oder bei wenigen der gekürzte Durchschnitt.',
  aggregationText: name => ruleTexts[name],
  bucket: 'Vorher gemittelte Beiträge',
  bucketHint:
    'Regeln, die Beiträge vergleichen, sehen so viele als einen. Das hilft, wenn die Geräte verschiedene Daten haben.',
  holdsBack: 'Einige Trainingsdaten zurückbehalten, an denen ein Schiedsrichter schädliche Beiträge erkennt',
  check: 'Prüfung vor der Veröffentlichung',
  checkIfPresent: 'wenn ein Schiedsrichter da ist',
  checkAlways: 'immer: Jede Runde wartet auf einen Schiedsrichter',
  checkNever: 'nie',
  checkHint:
    'Ein Schiedsrichter misst jede Version an den zurückbehaltenen Daten, bevor sie herauskommt. Eine viel schlechtere wird nicht veröffentlicht.',
  maxDrop: 'Größter Rückgang, in Punkten',
  maxDropHint:
    'Fällt eine bestätigte Genauigkeit um mehr Prozentpunkte, kehrt der Lauf von selbst zu seiner besten Version zurück. 0: nie.',
  keepRounds: 'Runden, deren Beiträge aufgehoben werden',
  keepRoundsHint: 'So viele der neuesten Versionen kann jeder nachrechnen. 0: alle, für immer.',
  deploymentKey: 'Schlüssel der Plattform',
  deploymentKeyHint:
    'Wer diese Plattform eingerichtet hat, kennt ihn. Er wird mit dieser Anfrage gesendet und nicht gespeichert.',

  atLeast: bound => `Mindestens ${bound}.`,
  moreThan: bound => `Mehr als ${bound}.`,
  atMost: bound => `Höchstens ${bound}.`,
  mostCharacters: most => `Höchstens ${most} Zeichen.`,
  betweenCharacters: (least, most) =>
    `Zwischen ${least} und ${most} Zeichen, Leerzeichen und Bindestriche nicht gezählt.`,
  oneLine: 'Eine Zeile, ohne Steuerzeichen.',
  number: 'Bitte eine Zahl, ohne Punkt für Tausender.',
  wholeNumber: 'Bitte eine ganze Zahl, ohne Punkt und Komma.',
  moreThanChance: chance => `Mehr als ${chance}: So viel erreicht bloßes Raten.`,
  checkNeedsHeldBack: 'Das braucht zurückbehaltene Daten: Bitte dort ein Häkchen setzen oder anders wählen.',
  ruleNeedsHeldBack:
    'Diese Regel braucht zurückbehaltene Daten: Bitte dort ein Häkchen setzen oder eine andere Regel wählen.',
  mostSegments: (network, most) => `${network} lässt sich in höchstens ${most} Segmente schneiden.`,
  tooFewRounds: 'Zu wenige für diesen Plan: Einige Schichten würden nie trainiert.',
  notWithBatchNorm:
    'Schmalere Kopien gehen nur ohne Batch-Normalisierung: Bitte ein Netz wählen, dessen Name nicht auf -bn endet.',
  wrongFields: count => (count === 1 ? 'Ein Feld stimmt noch nicht:' : `${count} Felder stimmen noch nicht:`),

  own: {
    title: 'Oder ein eigenes Netz mitbringen',
    pick: 'Dateien des eigenen Netzes',
    hint: 'Eine model.json von TensorFlow.js mit ihren Gewichten, ein Export von Teachable Machine (TensorFlow.js, Zip oder Ordner) oder eine .keras-Datei. Dateien auswählen oder hierher ziehen, auch einen Ordner.',
    drop: 'Hier ablegen',
    reading: 'Wird angesehen …',
    chosen: name => `Eigenes Netz: ${name}`,
    fits: (parameters, size) => `${parameters} Parameter, ${size}. Es lässt sich hier trainieren.`,
    remove: 'Wieder wegnehmen',
    again: 'Bitte die Dateien des eigenen Netzes noch einmal auswählen: Eine Seite kann sie nicht aufheben.',
    name: 'eigenes-netz',
    labels: labels =>
      `Seine Klassen waren ${labels}. Es müssen die Klassen der Daten sein, in derselben Reihenfolge.`,
    kerasFresh:
      'Die Schichten einer .keras-Datei lassen sich hier lesen, ihre Gewichte nicht: Das Training beginnt mit frischen. Sollen die Gewichte mit: tensorflowjs_converter --input_format=keras_keras DATEI.keras ORDNER, und dann den ORDNER hierher ziehen.',
    tooLarge: path =>
      `${path} enthält mehr als 512 MB: Ein so großes Netz lässt sich in keinem Browser trainieren.`,
    noZip: path => `${path} ist kein Zip: Der Inhalt hat ein anderes Format, oder der Download brach ab.`,
    damagedZip: path =>
      `${path} lässt sich nicht entpacken: Die Datei ist beschädigt. Bitte noch einmal exportieren oder laden.`,
    badEntry: (path, name, problem) => `${name} in ${path} lässt sich nicht lesen: ${problem}.`,
    twoWeights: name =>
      `model.json nennt zwei Dateien mit Gewichten namens ${name}: Bitte eine davon umbenennen.`,
    weightsMissing: name => `model.json nennt die Datei mit Gewichten ${name}: Bitte sie mit auswählen.`,
    severalModels:
      'Unter diesen Dateien sind mehrere Netze. Bitte eine model.json mit ihren Gewichten wählen.',
    hdf5: 'Eine .h5-Datei lässt sich hier nicht lesen. Sie lässt sich umwandeln: tensorflowjs_converter --input_format=keras DATEI.h5 ORDNER, und dann den ORDNER hierher ziehen.',
    savedModel:
      'Ein SavedModel hat keine Schichten mehr. Bitte das Netz in Keras speichern (model.save("DATEI.keras")), umwandeln (tensorflowjs_converter --input_format=keras_keras DATEI.keras ORDNER) und den ORDNER hierher ziehen.',
    tflite:
      'Eine Datei von TensorFlow Lite lässt sich nicht trainieren. In Teachable Machine „Modell exportieren“, dann TensorFlow.js und „Herunterladen“ wählen.',
    otherLibrary:
      'Netze von PyTorch und ONNX lassen sich hier nicht lesen. Bitte eine model.json von TensorFlow.js oder eine .keras-Datei mitbringen.',
    noModel: 'Unter diesen Dateien ist keine model.json. Bitte sie und die Dateien ihrer Gewichte wählen.',
  },

  estimate: {
    title: 'Was es kostet',
    length: time => `Etwa ${time} mit einem Gerät wie diesem, und weniger mit mehr Geräten.`,
    notMeasured: 'Wie lange es dauert, hängt vom Gerät ab.',
    measure: 'Dieses Gerät messen',
    measuring: 'Wird gemessen …',
    notMeasurable: why => `Dieses Gerät ließ sich nicht messen: ${why}`,
    round: time => `${time} pro Runde auf diesem Gerät`,
    traffic: (down, up) => `Pro Runde lädt ein Gerät höchstens ${down} und sendet ${up}.`,
    memory: most => `Das Training braucht bis zu ${most} Speicher.`,
    unknown: 'Was dieses Netz kostet, ist bekannt, sobald es gebaut ist.',
    seconds: count => `${count} s`,
    minutes: count => `${count} min`,
    hours: count => `${count} h`,
    days: count => `${count} Tage`,
  },

  draft: 'Was hier zuletzt eingegeben wurde, ist wieder da.',
  startAnew: 'Neu beginnen',
  cloned: name => `Das sind die Einstellungen von „${name}“.`,
  clonedOwn: 'Sein Netz war ein mitgebrachtes: Bitte dessen Dateien noch einmal auswählen.',
  clonedCode:
    'Zum Beitreten braucht man dort einen Beitrittscode. Der wird nicht übernommen: Er gehört unter „Weitere Einstellungen“, sonst genügt der Link zum Beitreten.',
  cloning: 'Die Einstellungen des Laufs werden gelesen …',
  cloneFailed: why => `Die Einstellungen des Laufs ließen sich nicht lesen: ${why}.`,

  create: 'Den Lauf anlegen',
  cancel: 'Abbrechen',
  cancelled: 'Es wurde nichts angelegt.',
  keyKept: 'Dieser Browser behält den Host-Schlüssel. Er ist zum Anhalten, Fortsetzen und Beenden nötig.',
  creating: 'Der Lauf wird angelegt',
  startingTrainer: 'Der Trainer startet …',
  building: 'Das Netz wird gebaut …',
  measuring: 'Ein kurzes Training zeigt, wie groß Beiträge sind …',
  uploading: (done, total) => `Hochladen: ${done} von ${total} Teilen`,
  failed: why =>
    `Der Lauf wurde nicht angelegt: ${why}. Alle Eingaben sind noch da: ändern oder noch einmal auf den Knopf drücken.`,
  isOpen: 'Der Lauf ist offen',
  changedNetwork: 'Das Netz wird mit diesen Änderungen trainiert:',
  toRun: 'Zum Lauf',

  quick: 'Nur sehen, ob es geht?',
  quickStart: 'Ziffern mit mir trainieren',
};
