import type { VolunteerWords } from '../en/volunteer.tsx';
import { examples } from './examples.ts';

export const volunteer: VolunteerWords = {
  title: 'Dieser Browser',
  over: 'Der Lauf ist beendet: Es gibt nichts mehr zu trainieren.',
  archived: 'Der Lauf ist archiviert: Niemand trainiert ihn.',

  name: 'Dein Name, wie andere ihn sehen',
  code: 'Beitrittscode, vom Host',
  codeOptional: 'Beitrittscode: Schiedsrichter brauchen keinen',
  codeWrong:
    'Das ist nicht der Beitrittscode dieses Laufs. Vergleiche ihn mit dem, den du vom Host hast; Groß- und Kleinbuchstaben sind gleich.',
  codeMissing: 'Dieser Lauf verlangt seinen Beitrittscode: Bitte den Host darum.',
  invited: (run, dataset, isTable) =>
    `Wenn du unten auf den Knopf drückst, hilft dieses Gerät, das Netz von „${run}“ zu trainieren: Es rechnet mit ${isTable ? 'der Tabelle, die' : 'den Bildern, die'} der Host gewählt hat (${dataset}), und kein Bild und keine Datei von dir wird angesehen oder gesendet.`,
  start: 'Training starten',
  goOnAs: name => `Weiter als ${name}`,
  youWere: name => <>Du warst hier {name}.</>,
  someoneElse: 'Ich bin jemand anderes',
  youStopped: 'Beim letzten Mal hast du diesen Browser gestoppt.',
  linkAsks: 'Der Link bittet diesen Browser zu trainieren. Es beginnt, wenn du zustimmst.',
  wasRemoved: name =>
    `Der Host hat ${name} aus diesem Lauf entfernt, unter diesem Namen geht es in diesem Browser nicht weiter.`,
  comeBack: 'Was beigetragen wurde, zählt weiter. Du kannst zusehen oder als jemand Neues wieder mitmachen.',
  comeBackWithCode:
    'Was beigetragen wurde, zählt weiter. Du kannst zusehen oder, wenn dir der Host den Beitrittscode gibt, als jemand Neues wieder mitmachen.',
  hostKeyGone:
    'Der Host-Schlüssel in diesem Browser öffnet diesen Lauf nicht mehr und macht deshalb niemanden zum Schiedsrichter. Vielleicht wurde er in einem anderen Browser erneuert: Vergiss ihn hier und gib dann unter „Ich bin der Host“ den neuen ein.',
  personAhead: 'Dann öffnet sich ein Fenster, in dem Cloudflare prüft, ob du ein Mensch bist.',
  consent:
    'Das Training läuft neben der Seite. Es lässt sich jederzeit anhalten oder beenden. Dieses Gerät verlassen nur Änderungen am Netz und die Angabe, wie schnell es ist. Alle mit dem Link sehen deinen Namen und deine Beiträge.',

  preflight: 'Was dieses Gerät kann',
  preflightLooks: 'Das Gerät wird angesehen …',
  hasGpu: 'Es hat eine Grafikkarte, die im Browser trainiert. Das ist am schnellsten.',
  hasNoGpu:
    'Der Browser bietet hier keine Grafikkarte an, also trainiert der Prozessor. Das ist langsamer und geht genauso.',
  hasNoSimd: 'Dieser Browser ist zu alt für schnelles Training. Ein anderer kann zwanzigmal so schnell sein.',
  threadsHere: most =>
    most > 1
      ? `Bis zu ${most} Threads können auf dem Prozessor trainieren.`
      : 'Ein Thread kann auf dem Prozessor trainieren. Mehr gehen nur auf einer Seite über https.',
  traffic: (down, up) => `Eine Aufgabe lädt etwa ${down} herunter und sendet etwa ${up}.`,
  keepsNothing:
    'Dieser Browser behält hier nichts, vielleicht weil das Fenster privat ist. Nach dem Neuladen beginnt alles von vorn.',
  isInsecure:
    'Die Seite kam ohne https. Deshalb kann sie die Grafikkarte nicht nutzen und nichts in die Zwischenablage legen.',

  manners: 'Wie dieses Gerät hilft',
  effort: 'Einsatz',
  effortNow: share => `Es arbeitet ${share} der Zeit und ruht dazwischen.`,
  effortFull: 'Es arbeitet die ganze Zeit. Die Seite bleibt flink.',
  onBattery: 'Auch im Akkubetrieb trainieren',
  onMetered: 'Auch über Mobilfunk oder eine begrenzte Leitung trainieren',
  whenHidden: 'Weitermachen, wenn der Tab verdeckt ist',
  untold: 'Dieser Browser verrät es nicht, also würde es nicht bemerkt.',
  hours: 'Nur zu bestimmten Stunden trainieren',
  hoursFrom: 'Von',
  hoursTo: 'bis',
  hour: hour => `${String(hour).padStart(2, '0')}:00`,
  trainOn: 'Trainieren auf',
  backends: {
    auto: 'was hier am schnellsten ist',
    webgpu: 'Grafikkarte (WebGPU)',
    wasm: 'Prozessor (WebAssembly)',
  },
  threads: 'Threads auf dem Prozessor, höchstens',
  taskMinutes: 'Eine Aufgabe dauert höchstens, in Minuten',
  taskMegabytes: 'Sie lädt höchstens herunter, in MB',

  resting: {
    battery: 'Es ruht, weil das Gerät im Akkubetrieb läuft.',
    metered: 'Es ruht, weil die Leitung Mobilfunk oder begrenzt ist.',
    hidden: 'Es ruht, weil der Tab verdeckt ist.',
    hours: 'Es ruht bis zu den Stunden, die du gewählt hast.',
  },
  trainAnyway: 'Trotzdem trainieren',
  trainAnywayHint: 'Das gilt, bis der Grund wegfällt. Die Einstellung bleibt.',

  activities: {
    starting: 'Startet',
    waiting: 'Wartet',
    downloading: 'Lädt herunter',
    training: 'Trainiert',
    uploading: 'Sendet',
    paused: 'Angehalten',
    stopped: 'Gestoppt',
    failed: 'Durch einen Fehler gestoppt',
  },
  done: 'Fertig',
  restingNow: 'Ruht',
  pausing: 'Wird angehalten …',
  testing: 'Prüft die neueste Version',
  task: 'Aufgabe in Arbeit',
  noTask: 'keine Aufgabe in Arbeit',
  checked: count =>
    count === 1
      ? 'Als Schiedsrichter hat er 1 Version geprüft.'
      : `Als Schiedsrichter hat er ${count} Versionen geprüft.`,
  checks: version => `Als Schiedsrichter prüft er Version ${version}, bevor sie herauskommt.`,
  lastTask: 'Das ist die letzte Aufgabe. Danach hört dieser Browser auf.',
  refused: count =>
    count === 1 ? '1 seiner Beiträge wurde abgelehnt.' : `${count} seiner Beiträge wurden abgelehnt.`,
  contributions: 'Beiträge',
  loss: 'Fehlermaß',
  perSecond: kind => `${examples[kind].more}/s`,
  backend: 'Rechnet auf',
  backendThreads: (backend, threads) => `${backend}, ${threads} Threads`,
  sent: 'Gesendet',
  received: 'Empfangen',
  pause: 'Anhalten',
  resume: 'Fortsetzen',
  stop: 'Beenden',
  finishThenStop: 'Diese Aufgabe noch, dann beenden',

  card: 'Zeigen, was du beigetragen hast',
  cardTitle: run => `Ich habe „${run}“ mittrainiert`,
  cardContributions: (count, written) => `${written} ${count === 1 ? 'Beitrag' : 'Beiträge'}`,
  cardSent: bytes => `${bytes} an Beiträgen gesendet`,
  cardAccuracy: (version, accuracy) => `Version ${version} des Netzes liegt in ${accuracy} der Tests richtig`,
  cardAbout: 'Gemeinsam trainiert, Schicht für Schicht, in den Browsern aller',
  cardShare: 'Karte teilen',
  cardSave: 'Karte speichern',
  cardFailed: 'Die Karte ließ sich in diesem Browser nicht erstellen.',

  kept: bytes => <>Auf diesem Gerät liegen {bytes} an Netzen und Daten, damit nichts doppelt geladen wird.</>,
  updatesKept: (count, written, bytes) =>
    `${written} ${count === 1 ? 'Beitrag wartet' : 'Beiträge warten'} aufs Senden (${bytes}).`,
  clear: 'Leeren',
  clearAll: 'Alles leeren und die Beiträge verlieren',
  keepUpdates: 'Die Beiträge behalten',

  offeredKey:
    'Dieser Browser hat den Schlüssel eines Schiedsrichters für diesen Lauf, und der geöffnete Link bringt einen anderen. Nimm ihn, wenn du ihn vom Host hast und der bisherige nicht mehr gilt.',
  refereeRights:
    'Du hast den Link für einen Schiedsrichter geöffnet. Wenn du startest, ist dieser Browser Schiedsrichter dieses Laufs: Er trainiert wie alle anderen und prüft außerdem Versionen des Netzes. Was ein Schiedsrichter findet, gilt ohne zweite Meinung, und er braucht keinen Beitrittscode.',
  refereeAfterStop:
    'Du hast den Link für einen Schiedsrichter geöffnet, während dieser Browser als gewöhnlicher Teilnehmer arbeitete. Stopp und starte ihn neu, dann ist er Schiedsrichter.',
  noReferee: 'Ohne ihn mitmachen',
  refereeKeyWrong:
    'Der Schlüssel im Schiedsrichter-Link gehört nicht zu diesem Lauf: Er ist vertippt, wurde zurückgezogen oder ist abgelaufen. Hier ist er vergessen. Bitte den Host um einen neuen Link oder mach ohne ihn mit.',
  takeKey: 'Den Schlüssel aus dem Link nehmen',
  keepKey: 'Meinen behalten',

  personFirst: 'Eines noch vor dem Beitritt.',
  personWhy:
    'Diese Plattform lässt nur Menschen ein. Cloudflare prüft das in einem eigenen Fenster, meist von selbst.',
  personOpen: 'Zeigen, dass du ein Mensch bist',
  personElse:
    'Lieber nicht, oder es lädt nicht? Zusehen geht ohne die Prüfung. Oder bitte den Host um einen Link für Schiedsrichter, damit wird niemand geprüft.',
};
