import type { RoundView, RunView, VolunteerView } from '../protocol/run-view.ts';

/** A round that follows on this version, before its first update. */
export const emptyRound = (round: number, version: number): RoundView => ({
  round,
  version,
  at: 0,
  updates: {},
  loss: {},
  bytesUp: 0,
  bytesDown: 0,
  refused: 0,
  accuracy: null,
  testLoss: null,
});

export const emptyView = (): RunView => ({
  seq: 0,
  phase: 'draft',
  round: 1,
  version: 0,
  openedAt: null,
  finishedAt: null,
  why: null,
  goals: {},
  current: emptyRound(1, 0),
  rounds: [],
  volunteers: {},
  joined: 0,
  atWork: {},
  changedIn: {},
  refusals: [],
  accuracy: null,
  bestAccuracy: null,
  accepted: 0,
  refused: 0,
  bytesUp: 0,
  bytesDown: 0,
  trainingUpdates: 0,
});

/** Somebody of whom only the id is known. */
export const strangerOf = (volunteer: string, seenAt: number): VolunteerView => ({
  volunteer,
  index: null,
  name: volunteer,
  backend: '',
  referee: false,
  role: null,
  lease: null,
  next: null,
  samplesPerSecond: null,
  updates: 0,
  refused: 0,
  seenAt,
});
