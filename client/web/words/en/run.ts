import type { ExampleKind } from '../../../../shared/protocol/dataset.ts';
import type { StandingLevel } from '../../../../shared/protocol/standing.ts';
import { examples } from './examples.ts';
import { many } from './many.ts';

const standings: Readonly<Record<StandingLevel, string>> = {
  trusted: 'trusted',
  new: 'not known yet',
  distrusted: 'distrusted',
};

const outcomes = {
  checked: 'checked and published',
  mended: 'published without the updates that made it worse',
  nothing: 'nothing of the round was taken',
  unchecked: 'published unchecked',
} as const;

export const run = {
  title: 'Run',
  loading: 'Loading the run…',
  notShown: 'This run cannot be shown',
  notShownMore: 'Check the link, or ask whoever sent it. The run may have been deleted.',
  allRuns: 'All runs',
  now: 'The run now',
  openedOn: (when: string) => `opened ${when}`,
  idHint: 'The beginning of the run’s id. It tells two runs of one name apart.',
  reconnecting: 'reconnecting…',
  cutOff:
    'This browser, or the network that it is in, lets no live connection (WebSocket) through. This page is brought up to date now and then, and training goes on more slowly. Another browser or another network is quicker.',
  finishedWhy: (why: string) => `Finished: ${why}.`,
  targetMissed: (target: string) =>
    `The target of ${target} was not reached. More rounds may help: clone this run, and give it more.`,
  archived: 'This run is archived: nothing in it changes, and nobody trains it. Its link shows it still.',
  waits: (what: string) => `The run is ${what}.`,
  checking: (version: number, turn: number) =>
    turn === 1
      ? `A referee checks version ${version} before it is out.`
      : `Version ${version} would have made the network worse. A referee checks it again, without the harmful updates.`,
  closing: (version: number) =>
    `Training is over. Version ${version}, the last one, is being tested before the run is called finished.`,
  takenBack: (round: number, isHost: boolean, from: number, to: number, detail: string | undefined) =>
    `In round ${round} ${isHost ? 'the host took the run' : 'the run went'} back from version ${from} to version ${to}${detail === undefined ? '' : `, since its accuracy fell: ${detail}`}.`,
  roundOf: (round: number, rounds: number) =>
    `Round ${round.toLocaleString('en')} of ${rounds.toLocaleString('en')}`,
  roundsDone: (done: number, rounds: number) =>
    `${done.toLocaleString('en')} of ${many(rounds, 'round')} done`,
  version: 'version',
  elapsed: 'Time that the run has been open, pauses left out',

  accuracy: 'accuracy',
  accuracyOf: (version: number, isLast: boolean) =>
    isLast ? `accuracy of version ${version}, the last one` : `accuracy of version ${version}`,
  testedAt: (time: string) => `tested ${time}`,
  notTestedYet: 'not tested yet',
  notTested: 'not tested',
  untrained: 'Nothing is trained yet.',
  newerUntested: (version: number) => `Version ${version} is out and not tested yet.`,
  lastUntested: (version: number) => `Nobody tested version ${version}, the last one.`,
  olderReached: (version: number, accuracy: string, time: string | null) =>
    `Version ${version} reached ${accuracy}${time === null ? '' : `, tested ${time}`}.`,
  target: (target: string, isReached: boolean) =>
    isReached ? `target reached: ${target}` : `target ${target}`,
  unconfirmed:
    'not confirmed: that needs a referee, or two volunteers who have helped and did not train this version.',
  unconfirmedAtEnd:
    'not confirmed: neither a referee nor two volunteers who had helped and did not train this version have tested it.',
  unconfirmedGoesOn: 'Until then the run goes on, to its last round or until its host ends it.',
  unconfirmedHelp: 'The host’s own tab is a referee.',

  network: 'The network',
  input: (shape: readonly number[], kind: ExampleKind) =>
    kind === 'row' ? many(shape[1] ?? 0, 'column') : `${shape.join(' × ')} picture`,
  classes: (count: number) => many(count, 'class', 'classes'),
  nobodyTests: 'nobody is testing now',
  parameters: (count: string) => `${count} parameters`,
  exitAfter: (segment: string) => `an exit after ${segment}`,
  stays: { sum: 'added to the network’s last exit', ensemble: 'averaged with the network’s last exit' },
  frozen: 'frozen',
  follows: (segment: string) => `follows ${segment}`,
  joinsIn: (round: number) => `joins in round ${round}`,
  notNeeded: 'not needed now',
  notPart: 'not part of this run',
  notChanged: 'not changed yet',
  changedIn: (version: number) => `changed in version ${version}`,
  andMore: (count: number) => `and ${count.toLocaleString('en')} more`,

  volunteers: 'Volunteers',
  nobodyYet: 'Nobody has joined yet. This browser could be the first.',
  nobodyCame: 'Nobody joined this run.',
  presence: (here: string, atWork: string, left: string) => `${here} here, ${atWork} at work, ${left} left`,
  scrolls: 'There is more to the right: swipe, or use the arrow keys.',
  tableLabel: 'Table of volunteers',
  name: 'Name',
  doing: 'Now',
  backend: 'On',
  standing: 'Standing',
  speed: (kind: ExampleKind) => `${examples[kind].title}/s`,
  updates: 'Updates',
  refusedCount: 'Refused',
  host: 'Host',
  you: 'you',
  referee: 'referee',
  removed: 'removed',
  madeWorse: 'made it worse',
  whyHarmful: (count: number) =>
    `${many(count, 'update')} refused, since a version was worse with ${count === 1 ? 'it' : 'them'} on held-out data`,
  hereIdle: 'here, no task',
  leftAt: (time: string) => `left ${time}`,
  seenAt: (time: string) => `last seen ${time}`,
  search: 'Search a name',
  noMatch: (text: string) => `Nobody in this list is called “${text}”.`,
  showAll: (count: number) => `Show all ${count.toLocaleString('en')} of the list`,
  showFewer: 'Show fewer',
  moreVolunteers: (count: number) => `and ${many(count, 'more volunteer')}`,
  leftCount: (count: number) =>
    `${many(count, 'more volunteer')} joined and left. Whoever joins and does nothing makes room for others after a while.`,
  cohorts: (count: number) =>
    `They are split into ${count} cohorts, whose updates are summed at the same time. The versions are the same to the last byte as with one.`,
  standingOf: (level: StandingLevel): string => standings[level],
  standingValue: (value: string) => `Standing: ${value}`,
  whatStanding: 'What standing is',
  standingMore: [
    'The platform measures each update: whether it points where those of the others point. Updates that do earn standing, three of them make a device trusted. Updates of nothing, copies and random ones earn none. Standing is lost by updates that no honest program sends, and by test results that others contradict. Whoever is trusted comes first where there is not work for all. Whoever is distrusted comes last, and its updates weigh less. Each standing goes back to the middle by itself, so everyone can come back.',
    'The speed is measured too: the examples of a task over the time from its start until its update was there.',
  ],

  feed: 'Just now',
  nothingYet: 'Nothing has happened yet.',
  times: (count: number) => `${count} times`,
  refused: 'Refused',
  refusedWord: 'refused',
  acceptedWord: 'accepted',

  defence: 'Against hostile updates',
  trustLink: 'Whom you trust',
  trustMore: 'says the rest.',
  lastChecked: (count: number) => `The last ${many(count, 'version')}, as they were checked`,
  outcome: (outcome: keyof typeof outcomes): string => outcomes[outcome],
  versionOutcome: (version: number, outcome: keyof typeof outcomes) =>
    `version ${version}, ${outcomes[outcome]}`,
  lossAfter: (after: string, before: string) => `: loss ${after} after ${before}`,

  traffic: 'Network traffic',
  saving: (isLess: boolean): string =>
    isLess
      ? 'fewer bytes than sending the whole network each time'
      : 'is the saving so far, compared with sending the whole network each time',
  sent: 'Sent',
  received: 'Received',
  wholeModel: 'Whole network, each way',

  clipping: 'Clipping',
  clip: (tasks: string) =>
    `The host’s machine did not measure how long updates of ${tasks} are. The first three rounds of these are clipped by the shorter ones of their own updates, so who comes first has more say there.`,
  refereeNote:
    'This run is defended against harmful updates only while a referee is there. Train in this tab to be one, or give a referee’s link to somebody you trust. Rounds without one count by a simpler rule, which withstands less.',
  refereeHere:
    'This tab is a referee of the run: what others send is compared with what it trains itself. As long as it trains alone there is nothing to compare, and nobody who could do harm.',

  settings: 'Settings of this run',
  clone: 'Clone this run',
  cloneHint: 'opens the form for a new run with these settings.',

  replay: 'Check it yourself',
  replayMore:
    'Your computer can make every version anew from what people sent, and compare them to the last byte:',
  replayCommand: 'Command that recomputes this run',
  archivesGone:
    'The updates are deleted, so nobody can recompute the rounds any more. Versions and ledger are still here.',
  archivesUntil: (day: string) =>
    `Anyone can recompute the rounds until ${day}. Then the updates are deleted.`,
  archivesDays: (days: number) => `When the run has ended, its updates stay for ${many(days, 'day')}.`,
  keptForGood: 'Updates are kept for good.',
  keptRounds: (count: number) => `Updates are kept for ${many(count, 'round')}.`,
  whatProves: 'What this proves, and what it does not',
  ledger: 'The ledger says all that happened in this run: who did what, when, and what was refused.',
  ledgerAs: (kind: 'json' | 'csv') => `Download the ledger as ${kind.toUpperCase()}`,
  ledgerRead: (read: string, all: string) => `${read} of ${all} entries read…`,
  ledgerFrom: (first: string) =>
    `The platform has swept the entries before number ${first}; the file has what is left of them.`,
};
export type RunWords = Readonly<typeof run>;
