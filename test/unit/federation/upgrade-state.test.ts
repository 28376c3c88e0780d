import { describe, expect, it } from 'vitest';
import {
  type OldCore,
  type OldVolunteer,
  upgradeCore,
  upgradeVolunteer,
} from '../../../worker/coordinator/store/upgrade-state.ts';
import { anyDevice } from './small-run.ts';

const ada: OldVolunteer = {
  id: 'ada',
  index: 1,
  name: 'Ada',
  device: anyDevice,
  referee: false,
  seenAt: 7,
  holds: 2,
  unanswered: 3,
  grantedAt: 6,
  unpaired: 'lease1',
  halvings: 2,
};

/** The second round of a run, open, as a platform of November 2026 wrote it. */
const open: OldCore = {
  phase: 'open',
  stage: 'training',
  round: 2,
  manifest: 1,
  goals: { student: 2, teacher: 2 },
  served: { student: ['ada'] },
  folded: {},
  deadlineAt: 9_000,
  idleSince: null,
  evaluation: { manifest: 0, pending: [0, 1], open: 0, by: [], examples: 0, correct: 0, lossSum: 0 },
  evaluatedVersion: null,
  cursors: { teacher: 3, student: 4 },
  joined: 4,
  diverged: { leases: 2, by: ['ada'] },
  trainedBy: ['ada'],
};

const roundOf = (change: Partial<OldCore>) => upgradeCore({ ...open, ...change }).round;
const folded = { teacher: { updates: 0, segments: {} } };

describe('a run that an older version kept', () => {
  it('has its round in the status that its stage, goals and deadline implied', () => {
    const { goals, served } = open;
    expect(roundOf({})).toEqual({
      status: 'open',
      number: 2,
      served,
      idleSince: null,
      goals,
      deadlineAt: 9_000,
    });
    expect(roundOf({ deadlineAt: null, idleSince: 5 })).toEqual({
      status: 'extended',
      number: 2,
      served,
      idleSince: 5,
      goals,
    });
    expect(roundOf({ deadlineAt: null, goals: {}, served: {} })).toEqual({
      status: 'unopened',
      number: 2,
      served: {},
      idleSince: null,
    });
    expect(roundOf({ stage: 'publishing', deadlineAt: null, folded })).toEqual({
      status: 'folding',
      number: 2,
      served,
      goals,
      folded,
    });
    expect(roundOf({ stage: 'evaluating', deadlineAt: null, goals: {}, served: {} })).toEqual({
      status: 'over',
      number: 2,
      served: {},
    });
  });

  it('keeps who diverged, how often, and who trained the newest version', () => {
    const { divergence } = upgradeCore(open);
    expect(divergence).toEqual({ leases: 2, by: ['ada'], trainedBy: ['ada'] });
    const { diverged: _, trainedBy: __, ...older } = open;
    expect(upgradeCore(older).divergence).toEqual({ leases: 0, by: [], trainedBy: [] });
  });

  it('begins the evaluation under way anew, since its parts were counted together', () => {
    expect(upgradeCore(open).evaluation).toBeNull();
    expect(upgradeCore({ ...open, evaluation: null }).evaluation).toBeNull();
  });

  it('has its volunteers apart by concern', () => {
    expect(upgradeVolunteer(ada)).toEqual({
      id: 'ada',
      identity: { index: 1, name: 'Ada', device: anyDevice, referee: false },
      presence: { seenAt: 7 },
      reliability: { leasesWithoutUpdate: 3, grantedAt: 6, unpaired: 'lease1' },
      halvings: 2,
      holds: 2,
    });
    const { unpaired: _, halvings: __, ...older } = ada;
    expect(upgradeVolunteer(older).reliability.unpaired).toBeNull();
    expect(upgradeVolunteer(older)).not.toHaveProperty('halvings');
  });
});
