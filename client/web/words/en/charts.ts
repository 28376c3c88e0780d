import type { ExampleKind } from '../../../../shared/protocol/dataset.ts';
import { examples } from './examples.ts';
import { many } from './many.ts';

export const charts = {
  title: 'Learning',
  nothingYet: 'The first figures come with the first version.',
  accuracy: (kind: ExampleKind) => `Accuracy on test ${examples[kind].more}`,
  error: (kind: ExampleKind) => `Error on test ${examples[kind].more}`,
  loss: 'Loss',
  percentAxis: (isError: boolean): string =>
    isError ? 'Wrong answers, % (logarithmic)' : 'Right answers, %',
  lossAxis: 'Cross-entropy, nats',
  roundAxis: 'Round',
  timeAxis: 'Time since the start, h:min:s',

  along: 'Along',
  byRound: 'rounds',
  byTime: 'time',
  asError: 'Error, logarithmic',

  round: (round: number) => `Round ${round}`,
  latest: (place: string) => `Latest, ${place.toLowerCase()}`,
  after: (place: string, time: string) => `${place}, after ${time}`,
  keys: 'Arrow keys go from round to round, Home and End to the first and the last.',
  chart: 'chart',

  test: 'test',
  targetLine: 'target',
  unconfirmed: 'test, not confirmed',
  backTo: (version: number) => `back to version ${version}`,
  inTraining: (role: string) => `${role} in training`,

  accuracyCaption: (first: string, firstRound: number, last: string, lastRound: number) =>
    `From ${first} after round ${firstRound} to ${last} after round ${lastRound}.`,
  accuracyOnce: (value: string, round: number) => `${value} after round ${round}.`,
  best: (value: string, round: number) => `The best was ${value}, after round ${round}.`,
  target: (value: string) => `The target is ${value}.`,
  ofVersion: (value: string, version: number) => `${value} (version ${version})`,
  notTested: 'No version has been tested yet.',
  lossCaption: (first: string, last: string) => `The test loss went from ${first} to ${last}.`,
  lossOnce: (value: string) => `The test loss is ${value}.`,
  lossMeans: 'Lower is better.',

  late: (late: number, updates: number, round: number) =>
    `${late} of the ${many(updates, 'update')} in round ${round} came late and weigh less.`,
  weaker: (round: number, roles: string) =>
    `Few devices trained in round ${round}, so their updates were combined by a simpler rule: ${roles}.`,
  weakerRole: (role: string, rule: string) => `${role} by ${rule}`,

  table: 'The figures as a table',
  caption: (rounds: number) => `${many(rounds, 'round')}, the latest first`,
  copy: 'Copy the table',
  copied: 'Copied',
  notCopied: 'This browser does not copy from this page. Select the table instead.',
  columns: {
    round: 'Round',
    time: 'Time',
    updates: 'Updates',
    accuracy: 'Accuracy',
    loss: 'Test loss',
    sent: 'Sent',
    received: 'Received',
  },
  backToVersion: (version: number) => `none: back to version ${version}`,
  ofThemLate: (updates: string, late: string) => `${updates}, ${late} late`,
  notConfirmed: (value: string) => `${value}, not confirmed`,
};
export type ChartWords = Readonly<typeof charts>;
