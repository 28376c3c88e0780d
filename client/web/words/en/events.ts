import type { LeastDevice } from '../../../../shared/protocol/events.ts';
import type { Role } from '../../../../shared/protocol/identifiers.ts';
import { describePause, explainPause } from '../../../../shared/protocol/pause.ts';
import { type RefusalReason, refusals } from '../../../../shared/protocol/refusals.ts';
import { reasonTexts, type StandingReason } from '../../../../shared/protocol/standing.ts';
import { describeDefence, describeGap } from '../../../../shared/view/describe-defence.ts';
import { describeLeast } from '../../../../shared/view/describe-least.ts';
import { describeWaiting } from '../../../../shared/view/why-waiting.ts';
import { rolePart } from '../role-part.ts';
import { many } from './many.ts';

/** What the role trains, if people know it by that. Null if they know the role by its own name. */
function trainedName(role: Role): string | null {
  const part = rolePart(role);
  switch (part.is) {
    case 'whole':
      return 'the whole network';
    case 'depth':
      return `the first ${part.number} segments`;
    case 'slice':
      return `slice ${part.number} of the channels`;
    case 'segment':
      return role;
    default:
      return null;
  }
}

const whyFinished = {
  rounds: 'every round is done',
  target: 'the target is reached',
  host: 'the host finished it',
  other: 'it is over',
} as const;

/** The command says the same of pauses, refusals, standings and defences, so those words stand in `shared`. */
export const events = {
  someone: 'someone',
  role: (role: Role): string => role,
  partOf: (role: Role): string => trainedName(role) ?? role,
  whyFinished: (why: string | null): string =>
    why === 'rounds' || why === 'target' || why === 'host' ? whyFinished[why] : whyFinished.other,
  waiting: describeWaiting,
  pause: describePause,
  explainPause,
  refusal: (reason: RefusalReason): string => refusals[reason].text,
  standingReason: (why: StandingReason): string => reasonTexts[why],
  defence: describeDefence,
  defenceGap: describeGap,

  opened: 'The run is open',
  pausedByHost: 'The host paused the run',
  finished: (why: string) => `The run is finished: ${why}`,
  closing: 'The run comes to its end: its last version is being tested',
  untested: ', and nobody has tested its last version',
  joined: (name: string, backend: string, isReferee: boolean) =>
    `${name} joined with ${backend}${isReferee ? ', as referee' : ''}`,
  removed: (name: string) => `The host removed ${name}`,
  renamed: (name: string) => `The host gave a volunteer the name ${name}`,
  left: (count: number) => `${many(count, 'volunteer')} left`,
  roundOpened: (round: number, wanted: string) => `Round ${round} opened: ${wanted} wanted`,
  noUpdates: 'no updates',
  ofRole: (count: number, role: Role) => {
    const trained = trainedName(role);
    return trained === null ? many(count, role) : `${count.toLocaleString('en')} of ${trained}`;
  },
  roundExtended: (round: number) => `Round ${round} waits longer: too few updates have arrived yet`,
  tests: (name: string, version: number) => `${name} tests version ${version}`,
  trains: (name: string, role: Role, isRoot: boolean) =>
    `${name} trains ${trainedName(role) ?? `as ${role}`}${isRoot ? ' on the data held back' : ''}`,
  gaveBack: (name: string, why: string) => `${name} gave a task back: ${why}`,
  gone: (name: string) => `${name} has gone: somebody else may take its place`,
  overdue: (name: string) => `${name} takes longer than expected: somebody else may take its place`,
  unfit: (role: Role, least: LeastDevice) =>
    `Nobody’s device fits ${trainedName(role) ?? role}, which needs ${describeLeast(least)}`,
  finishedTest: (name: string) => `${name} finished a test`,
  added: (name: string, role: Role, bytes: string, loss: string) => {
    const trained = trainedName(role);
    return `${name} added an update ${trained ? `of ${trained}` : `as ${role}`}: ${bytes}, and it says that the loss is ${loss}`;
  },
  countsLate: (round: number) => `, late: it counts in round ${round}`,
  refused: (name: string, why: string) => `An update from ${name} was refused: ${why}`,
  losesStanding: '. It loses standing',
  checking: (version: number, turn: number) =>
    turn === 1
      ? `A referee checks version ${version} before it is out`
      : `A referee checks version ${version} once more, without the harmful updates`,
  candidateRefused: (version: number, after: string, before: string) =>
    `Version ${version} was not published: on held-out data its loss would be ${after} after ${before}`,
  nothingTaken: (version: number) =>
    `Version ${version} has the weights of the one before: nothing of its round was taken`,
  publishedAgain: (version: number, of: number) =>
    `Version ${version} is out, with the weights of version ${of}`,
  published: (version: number, updates: string) => `Version ${version} is out, made of ${updates}`,
  weakerRule: (weaker: readonly (readonly [role: Role, rule: string])[]) =>
    `. Few devices trained, or no referee was there, so a simpler rule than the run’s own combined the updates (${weaker.map(([role, rule]) => `${trainedName(role) ?? role} by ${rule}`).join(', ')}). That stays so until more come`,
  changedNothing: (count: number) => `${many(count, 'update')} changed next to nothing`,
  copied: (count: number) => `${many(count, 'update')} copied others`,
  pointedElsewhere: (count: number) => `${many(count, 'update')} pointed elsewhere than the others`,
  evaluated: (version: number, accuracy: string, isConfirmed: boolean) =>
    `Version ${version} reaches ${accuracy}${isConfirmed ? '' : ', which nobody could confirm'}`,
  contradicted: (name: string, parts: number, version: number) =>
    `${name} counted otherwise than others at ${many(parts, 'part')} of the test of version ${version}, and loses standing`,
  takenBack: (isHost: boolean, from: number, to: number) =>
    `${isHost ? 'The host took the run' : 'The run went'} back from version ${from} to version ${to}`,
};
export type EventWords = Readonly<typeof events>;
