import type { StandingLevel } from '../../../../shared/protocol/standing.ts';
import type { RunWords } from '../en/run.ts';
import { examples } from './examples.ts';
import { many } from './many.ts';

const standings: Readonly<Record<StandingLevel, string>> = {
  trusted: 'vertraut',
  new: 'noch nicht bekannt',
  distrusted: 'misstraut',
};

const outcomes = {
  checked: 'geprüft und erschienen',
  mended: 'erschienen ohne die Beiträge, die sie verschlechtert haben',
  nothing: 'von der Runde wurde nichts übernommen',
  unchecked: 'ungeprüft erschienen',
} as const;

const updates = (count: number): string => many(count, 'Beitrag', 'Beiträge');

export const run: RunWords = {
  title: 'Lauf',
  loading: 'Der Lauf wird geladen …',
  notShown: 'Dieser Lauf lässt sich nicht zeigen',
  notShownMore: 'Den Link prüfen oder nachfragen, wer ihn geschickt hat. Vielleicht wurde der Lauf gelöscht.',
  allRuns: 'Alle Läufe',
  now: 'Der Lauf jetzt',
  openedOn: when => `geöffnet ${when}`,
  idHint: 'Der Anfang der Kennung des Laufs. An ihr lassen sich zwei Läufe eines Namens unterscheiden.',
  reconnecting: 'verbindet sich neu …',
  cutOff:
    'Dieser Browser oder sein Netz lässt keine ständige Verbindung (WebSocket) durch. Diese Seite wird ab und zu auf den neuesten Stand gebracht, und das Training geht langsamer voran. Ein anderer Browser oder ein anderes Netz ist schneller.',
  finishedWhy: why => `Beendet: ${why}.`,
  targetMissed: target =>
    `Das Ziel von ${target} wurde nicht erreicht. Mehr Runden helfen vielleicht: Mach diesen Lauf nach und gib ihm mehr.`,
  archived:
    'Dieser Lauf ist archiviert: Nichts ändert sich darin, und niemand trainiert ihn. Sein Link zeigt ihn noch.',
  waits: what => `Der Lauf ${what}.`,
  checking: (version, turn) =>
    turn === 1
      ? `Ein Schiedsrichter prüft Version ${version}, bevor sie erscheint.`
      : `Version ${version} hätte das Netz verschlechtert. Ein Schiedsrichter prüft sie noch einmal, ohne die schädlichen Beiträge.`,
  closing: version =>
    `Das Training ist vorbei. Version ${version}, die letzte, wird noch geprüft, bevor der Lauf als beendet gilt.`,
  takenBack: (round, isHost, from, to, detail) =>
    `In Runde ${round} ${isHost ? 'hat der Host den Lauf' : 'ist der Lauf'} von Version ${from} auf Version ${to} ${isHost ? 'zurückgesetzt' : 'zurückgegangen'}${detail === undefined ? '' : `, weil die Genauigkeit fiel: ${detail}`}.`,
  roundOf: (round, rounds) => `Runde ${round.toLocaleString('de')} von ${rounds.toLocaleString('de')}`,
  roundsDone: (done, rounds) => `${done.toLocaleString('de')} von ${many(rounds, 'Runde', 'Runden')} fertig`,
  version: 'Version',
  elapsed: 'So lange ist der Lauf offen, Pausen nicht mitgezählt',

  accuracy: 'Genauigkeit',
  accuracyOf: (version, isLast) =>
    isLast ? `Genauigkeit von Version ${version}, der letzten` : `Genauigkeit von Version ${version}`,
  testedAt: time => `geprüft ${time}`,
  notTestedYet: 'noch nicht geprüft',
  notTested: 'nicht geprüft',
  untrained: 'Noch ist nichts trainiert.',
  newerUntested: version => `Version ${version} ist da und noch nicht geprüft.`,
  lastUntested: version => `Niemand hat Version ${version}, die letzte, geprüft.`,
  olderReached: (version, accuracy, time) =>
    `Version ${version} erreichte ${accuracy}${time === null ? '' : `, geprüft ${time}`}.`,
  target: (target, isReached) => (isReached ? `Ziel erreicht: ${target}` : `Ziel ${target}`),
  unconfirmed:
    'nicht bestätigt: Dazu braucht es einen Schiedsrichter oder zwei Mitmachende, die geholfen und diese Version nicht trainiert haben.',
  unconfirmedAtEnd:
    'nicht bestätigt: Weder ein Schiedsrichter noch zwei Mitmachende, die geholfen und diese Version nicht trainiert haben, haben sie geprüft.',
  unconfirmedGoesOn: 'Bis dahin läuft es weiter, bis zur letzten Runde oder bis der Host den Lauf beendet.',
  unconfirmedHelp: 'Der Tab des Hosts ist ein Schiedsrichter.',

  network: 'Das Netz',
  input: (shape, kind) =>
    kind === 'row' ? many(shape[1] ?? 0, 'Spalte', 'Spalten') : `Bild ${shape.join(' × ')}`,
  classes: count => many(count, 'Klasse', 'Klassen'),
  nobodyTests: 'gerade prüft niemand',
  parameters: count => `${count} Parameter`,
  exitAfter: segment => `ein Ausgang nach ${segment}`,
  stays: {
    sum: 'zum letzten Ausgang des Netzes addiert',
    ensemble: 'mit dem letzten Ausgang des Netzes gemittelt',
  },
  frozen: 'eingefroren',
  follows: segment => `folgt ${segment}`,
  joinsIn: round => `kommt in Runde ${round} dazu`,
  notNeeded: 'wird jetzt nicht gebraucht',
  notPart: 'gehört nicht zu diesem Lauf',
  notChanged: 'noch unverändert',
  changedIn: version => `geändert in Version ${version}`,
  andMore: count => `und ${count.toLocaleString('de')} weitere`,

  volunteers: 'Mitmachende',
  nobodyYet: 'Noch macht niemand mit. Dieser Browser könnte der erste sein.',
  nobodyCame: 'Bei diesem Lauf hat niemand mitgemacht.',
  presence: (here, atWork, left) => `${here} da, ${atWork} bei der Arbeit, ${left} gegangen`,
  scrolls: 'Rechts ist noch mehr: wischen oder die Pfeiltasten nehmen.',
  tableLabel: 'Tabelle der Mitmachenden',
  name: 'Name',
  doing: 'Jetzt',
  backend: 'Mit',
  standing: 'Ansehen',
  speed: kind => `${examples[kind].more}/s`,
  updates: 'Beiträge',
  refusedCount: 'Abgelehnt',
  host: 'Host',
  you: 'du',
  referee: 'Schiedsrichter',
  removed: 'entfernt',
  madeWorse: 'hat geschadet',
  whyHarmful: count =>
    `${updates(count)} abgelehnt, weil eine Version damit auf zurückbehaltenen Daten schlechter war`,
  hereIdle: 'da, ohne Aufgabe',
  leftAt: time => `gegangen ${time}`,
  seenAt: time => `zuletzt da ${time}`,
  search: 'Einen Namen suchen',
  noMatch: text => `In dieser Liste heißt niemand „${text}“.`,
  showAll: count => `Alle ${count.toLocaleString('de')} der Liste zeigen`,
  showFewer: 'Weniger zeigen',
  moreVolunteers: count => `und ${many(count, 'weiterer', 'weitere')}`,
  leftCount: count =>
    `${many(count, 'weiterer war', 'weitere waren')} da und ${count === 1 ? 'ist' : 'sind'} gegangen. Wer beitritt und nichts tut, macht nach einer Weile anderen Platz.`,
  cohorts: count =>
    `Sie sind auf ${count} Gruppen verteilt, deren Beiträge gleichzeitig summiert werden. Die Versionen sind bis aufs letzte Byte dieselben wie mit einer.`,
  standingOf: level => standings[level],
  standingValue: value => `Ansehen: ${value}`,
  whatStanding: 'Was Ansehen ist',
  standingMore: [
    'Die Plattform misst jeden Beitrag: ob er dorthin zeigt, wohin die der anderen zeigen. Solche Beiträge bringen Ansehen; drei davon, und einem Gerät wird vertraut. Leere, kopierte und zufällige bringen keines. Ansehen kosten Beiträge, wie sie kein ehrliches Programm schickt, und Prüfungen, denen andere widersprechen. Reicht die Arbeit nicht für alle, kommt zuerst dran, wem vertraut wird. Wem misstraut wird, kommt zuletzt dran, und die Beiträge wiegen weniger. Jedes Ansehen kehrt von selbst zur Mitte zurück, also kann jeder zurückkommen.',
    'Auch das Tempo ist gemessen: die Beispiele einer Aufgabe, geteilt durch die Zeit von ihrem Beginn, bis der Beitrag da war.',
  ],

  feed: 'Gerade eben',
  times: count => `${count}-mal`,
  nothingYet: 'Noch ist nichts geschehen.',
  refused: 'Abgelehnt',
  refusedWord: 'abgelehnt',
  acceptedWord: 'angenommen',

  defence: 'Gegen feindliche Beiträge',
  trustLink: 'Wem man vertraut',
  trustMore: 'sagt das Übrige.',
  lastChecked: count => `Die letzten ${many(count, 'Version', 'Versionen')} und ihre Prüfung`,
  outcome: outcome => outcomes[outcome],
  versionOutcome: (version, outcome) => `Version ${version}, ${outcomes[outcome]}`,
  lossAfter: (after, before) => `: Fehlermaß ${after} nach ${before}`,

  traffic: 'Datenverkehr',
  saving: isLess =>
    isLess
      ? 'weniger Bytes, als jedes Mal das ganze Netz zu schicken'
      : 'ist die Ersparnis bisher, verglichen damit, jedes Mal das ganze Netz zu schicken',
  sent: 'Gesendet',
  received: 'Empfangen',
  wholeModel: 'Ganzes Netz, je Richtung',

  clipping: 'Kürzung',
  clip: tasks =>
    `Der Rechner des Hosts hat nicht gemessen, wie lang Beiträge für ${tasks} sind. Ihre ersten drei Runden werden nach den kürzeren der eigenen Beiträge gekürzt, also zählt dort mehr, wer zuerst kommt.`,
  refereeNote:
    'Dieser Lauf ist nur gegen schädliche Beiträge geschützt, solange ein Schiedsrichter da ist. In diesem Tab trainieren, um einer zu sein, oder jemandem mit Vertrauen den Link eines Schiedsrichters geben. Runden ohne einen zählen nach einer einfacheren Regel, die weniger aushält.',
  refereeHere:
    'Dieser Tab ist Schiedsrichter des Laufs: Was andere senden, wird mit dem verglichen, was er selbst trainiert. Solange er allein trainiert, gibt es nichts zu vergleichen und niemanden, der schaden könnte.',

  settings: 'Einstellungen dieses Laufs',
  clone: 'Diesen Lauf nachmachen',
  cloneHint: 'öffnet das Formular für einen neuen Lauf mit diesen Einstellungen.',

  replay: 'Selbst nachprüfen',
  replayMore:
    'Jeder Rechner kann jede Version aus dem neu berechnen, was geschickt wurde, und bis aufs letzte Byte vergleichen:',
  replayCommand: 'Befehl, der diesen Lauf nachrechnet',
  archivesGone:
    'Die Beiträge sind gelöscht, also kann niemand mehr die Runden nachrechnen. Fassungen und Protokoll sind noch da.',
  archivesUntil: day => `Bis ${day} lassen sich die Runden nachrechnen. Dann werden die Beiträge gelöscht.`,
  archivesDays: days => `Nach dem Ende des Laufs bleiben die Beiträge noch ${many(days, 'Tag', 'Tage')}.`,
  keptForGood: 'Beiträge werden dauerhaft aufgehoben.',
  keptRounds: count => `Beiträge werden ${many(count, 'Runde', 'Runden')} lang aufgehoben.`,
  whatProves: 'Was das beweist und was nicht',
  ledger:
    'Das Protokoll sagt alles, was in diesem Lauf geschah: wer wann was getan hat und was abgelehnt wurde.',
  ledgerAs: kind => `Protokoll als ${kind.toUpperCase()} herunterladen`,
  ledgerRead: (read, all) => `${read} von ${all} Einträgen gelesen …`,
  ledgerFrom: first =>
    `Die Plattform hat die Einträge vor Nummer ${first} weggeräumt; die Datei hat, was von ihnen übrig ist.`,
};
