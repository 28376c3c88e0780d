import type { LeastDevice } from '../../../../shared/protocol/events.ts';
import type { Role } from '../../../../shared/protocol/identifiers.ts';
import type { EventWords } from '../en/events.ts';
import { rolePart } from '../role-part.ts';
import { defence, defenceGap } from './defence.ts';
import { many } from './many.ts';
import { explainPause, pause } from './pauses.ts';
import { refusalTexts, standingTexts } from './refusals.ts';

const short: Readonly<Record<'student' | 'teacher' | 'whole' | 'evaluator', string>> = {
  student: 'Schüler',
  teacher: 'Lehrer',
  whole: 'ganzes Netz',
  evaluator: 'Prüfung',
};

function roleName(role: Role): string {
  const part = rolePart(role);
  switch (part.is) {
    case 'segment':
      return `Segment ${part.number}`;
    case 'depth':
      return `Tiefe ${part.number}`;
    case 'slice':
      return `Kanäle ${part.number}`;
    default:
      return short[part.is];
  }
}

/** What the role trains, in the accusative, if people know it by that. Null if they know the role by its own name. */
function trainedName(role: Role): string | null {
  const part = rolePart(role);
  switch (part.is) {
    case 'whole':
      return 'das ganze Netz';
    case 'depth':
      return `die ersten ${part.number} Segmente`;
    case 'slice':
      return `den Anteil ${part.number} der Kanäle`;
    case 'segment':
      return `Segment ${part.number}`;
    default:
      return null;
  }
}

const number = (value: number): string => value.toLocaleString('de', { maximumSignificantDigits: 3 });

const units = [
  [1e9, ' Milliarden'],
  [1e6, ' Millionen'],
  [1, ''],
] as const;

function least({ memoryMB, macsPerSecond }: LeastDevice): string {
  const [size, name] = units.find(([from]) => macsPerSecond >= from) ?? [1, ''];
  return `${number(memoryMB)} MB Speicher und ${number(macsPerSecond / size)}${name} Rechenschritte je Sekunde`;
}

const updates = (count: number): string => many(count, 'Beitrag', 'Beiträge');

const nobodyAtWork = (here: number | undefined): string =>
  here === undefined
    ? 'wartet auf Mitmachende: Niemand arbeitet gerade'
    : here === 0
      ? 'wartet auf Mitmachende: Niemand ist da'
      : `wartet: ${here} ${here === 1 ? 'ist' : 'sind'} da, und niemand arbeitet gerade`;

export const events: EventWords = {
  someone: 'jemand',
  role: roleName,
  partOf: role => trainedName(role) ?? roleName(role),
  whyFinished: why => {
    if (why === 'rounds') return 'alle Runden sind fertig';
    if (why === 'target') return 'das Ziel ist erreicht';
    return why === 'host' ? 'vom Host beendet' : 'er ist vorbei';
  },
  waiting: waiting => {
    switch (waiting.for) {
      case 'volunteers':
        return `wartet auf Mitmachende: ${waiting.joined} von ${waiting.needed} sind beigetreten`;
      case 'device':
        return `wartet auf ein stärkeres Gerät, denn keines reicht: ${waiting.roles.map(([role, needs]) => `${role} braucht ${least(needs)}`).join('; ')}`;
      case 'work':
        return nobodyAtWork(waiting.here);
    }
  },
  pause,
  explainPause,
  refusal: reason => refusalTexts[reason],
  standingReason: why => standingTexts[why],
  defence,
  defenceGap,

  opened: 'Der Lauf ist offen',
  pausedByHost: 'Der Host hat den Lauf angehalten',
  finished: why => `Der Lauf ist beendet: ${why}`,
  closing: 'Der Lauf geht zu Ende: Seine letzte Version wird geprüft',
  untested: ', und niemand hat die letzte Version geprüft',
  joined: (name, backend, isReferee) =>
    `${name} macht mit, rechnet mit ${backend}${isReferee ? ' und prüft als Schiedsrichter' : ''}`,
  removed: name => `Der Host hat ${name} entfernt`,
  renamed: name => `Der Host hat jemandem den Namen ${name} gegeben`,
  left: count => `${many(count, 'Mitmachender ist', 'Mitmachende sind')} gegangen`,
  roundOpened: (round, wanted) => `Runde ${round} beginnt; gebraucht: ${wanted}`,
  noUpdates: 'keine Beiträge',
  ofRole: (count, role) =>
    `${count.toLocaleString('de')} für ${trainedName(role) ?? `die Rolle ${roleName(role)}`}`,
  roundExtended: round => `Runde ${round} wartet länger: Noch sind zu wenige Beiträge da`,
  tests: (name, version) => `${name} prüft Version ${version}`,
  trains: (name, role, isRoot) =>
    `${name} trainiert ${trainedName(role) ?? `als ${roleName(role)}`}${isRoot ? ' mit den zurückbehaltenen Daten' : ''}`,
  gaveBack: (name, why) => `${name} hat eine Aufgabe zurückgegeben: ${why}`,
  gone: name => `${name} ist weg: Jemand anders kann den Platz einnehmen`,
  overdue: name => `${name} braucht länger als erwartet: Jemand anders kann den Platz einnehmen`,
  unfit: (role, needs) =>
    `Kein Gerät reicht für ${trainedName(role) ?? `die Rolle ${roleName(role)}`}; nötig sind ${least(needs)}`,
  finishedTest: name => `${name} ist mit einer Prüfung fertig`,
  added: (name, role, bytes, loss) => {
    const trained = trainedName(role);
    return `${name} hat einen Beitrag geliefert, ${trained ? `für ${trained}` : `als ${roleName(role)}`}: ${bytes}, Fehlermaß nach eigener Angabe ${loss}`;
  },
  countsLate: round => `, verspätet: Er zählt in Runde ${round}`,
  refused: (name, why) => `Ein Beitrag von ${name} wurde abgelehnt: ${why}`,
  losesStanding: '. Das kostet Ansehen',
  checking: (version, turn) =>
    turn === 1
      ? `Ein Schiedsrichter prüft Version ${version}, bevor sie erscheint`
      : `Ein Schiedsrichter prüft Version ${version} noch einmal, ohne die schädlichen Beiträge`,
  candidateRefused: (version, after, before) =>
    `Version ${version} ist nicht erschienen: Auf zurückbehaltenen Daten wäre ihr Fehlermaß ${after} nach ${before}`,
  nothingTaken: version =>
    `Version ${version} hat die Gewichte der vorigen: Von ihrer Runde wurde nichts übernommen`,
  publishedAgain: (version, of) => `Version ${version} ist da, mit den Gewichten von Version ${of}`,
  published: (version, counted) => `Version ${version} ist da, gemacht aus: ${counted}`,
  weakerRule: weaker =>
    `. Nur wenige Geräte trainierten, oder es war kein Schiedsrichter da, also hat eine einfachere Regel als die des Laufs die Beiträge verrechnet (${weaker.map(([role, rule]) => `${roleName(role)} mit ${rule}`).join(', ')}). Das bleibt so, bis mehr dazukommen`,
  changedNothing: count => `${updates(count)} ohne merkliche Änderung`,
  copied: count => `${updates(count)} von anderen kopiert`,
  pointedElsewhere: count => `${updates(count)} in andere Richtung als die übrigen`,
  evaluated: (version, accuracy, isConfirmed) =>
    `Version ${version} erreicht ${accuracy}${isConfirmed ? '' : ', was niemand bestätigen konnte'}`,
  contradicted: (name, parts, version) =>
    `${name} hat bei ${many(parts, 'Teil', 'Teilen')} der Prüfung von Version ${version} anders gezählt als andere und verliert Ansehen`,
  takenBack: (isHost, from, to) =>
    `${isHost ? 'Der Host hat den Lauf von Version' : 'Der Lauf ist von Version'} ${from} auf Version ${to} ${isHost ? 'zurückgesetzt' : 'zurückgegangen'}`,
};
