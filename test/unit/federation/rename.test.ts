import { describe, expect, it } from 'vitest';
import { SmallRun } from './small-run.ts';

const rename = { type: 'rename', volunteer: 'volunteer0', name: 'Kind' } as const;

describe('a volunteer whom the host gives another name', () => {
  it('[KEY5] keeps all else, and the ledger says it once', () => {
    const run = SmallRun.open(2);
    const before = run.state.volunteers.get('volunteer0');
    run.step(rename);
    expect(run.last('volunteer-renamed')).toEqual({
      ...{ type: 'volunteer-renamed', volunteer: 'volunteer0', name: 'Kind' },
    });
    expect(run.state.volunteers.get('volunteer0')).toEqual({
      ...before,
      identity: { ...before?.identity, name: 'Kind' },
    });
    const { state } = run;
    run.step(rename);
    expect(run.state).toBe(state);
  });

  it('[KEY5] has joined', () => {
    expect(SmallRun.open(1).refusal({ ...rename, volunteer: 'nobody' })).toBe('not-found');
  });
});
