import { defaultGlyphs, defaultSpec } from '../../client/host/default-spec.ts';
import type { RunFacts } from '../../client/web/state/live-run.ts';
import { runSpecSchema } from '../../shared/protocol/run-spec.ts';
import {
  type RoundView,
  type RunView,
  type VolunteerView,
  withSums,
} from '../../shared/protocol/run-view.ts';
import { createTinyModel } from '../support/tiny-model.ts';

export const RUN = 'abc123defg';

/** What never changes about a run of ten rounds with a target of 95 %. */
export const factsOf = (change: Partial<RunFacts> = {}): RunFacts => ({
  run: RUN,
  needsCode: false,
  model: createTinyModel().outline,
  spec: runSpecSchema.parse(
    defaultSpec({ name: 'Digits', seed: 1, dataset: defaultGlyphs(1), plan: 'layer-to-layer', rounds: 10 }),
  ),
  ...change,
});

export const roundOf = (round: number, change: Partial<RoundView> = {}): RoundView => ({
  ...{ round, version: round, at: 0, updates: {}, loss: {}, bytesUp: 0, bytesDown: 0, refused: 0 },
  ...{ accuracy: null, testLoss: null },
  ...change,
});

/** A run that has just opened, but for what is said. Everyone is listed. */
export const viewOf = (change: Partial<RunView> = {}): RunView => {
  const { joined: _j, atWork: _a, changedIn: _c, ...view } = { ...openView(), ...change };
  return { ...withSums(view), ...change };
};

const openView = (): RunView => ({
  ...{ seq: 1, phase: 'open', round: 1, version: 0, openedAt: 0, finishedAt: null, why: null, goals: {} },
  ...{ current: roundOf(1), rounds: [], volunteers: {}, refusals: [], accuracy: null, bestAccuracy: null },
  ...{ accepted: 0, refused: 0, bytesUp: 0, bytesDown: 0, trainingUpdates: 0 },
  ...{ joined: 0, atWork: {}, changedIn: {} },
});

export const volunteerOf = (volunteer: string, change: Partial<VolunteerView> = {}): VolunteerView => ({
  ...{ volunteer, index: 0, name: volunteer, backend: 'wasm', referee: false, role: null, lease: null },
  ...{ next: null, samplesPerSecond: null, updates: 0, refused: 0, seenAt: 0 },
  ...change,
});

export const byId = (...volunteers: VolunteerView[]): RunView['volunteers'] =>
  Object.fromEntries(volunteers.map(each => [each.volunteer, each]));
