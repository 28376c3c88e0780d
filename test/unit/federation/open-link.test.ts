import { describe, expect, it } from 'vitest';
import { conventional, SmallRun } from './small-run.ts';

describe('an open link', () => {
  it('[LEASE11] comes half a minute apart after five without an update, and at once again after an update', () => {
    const run = SmallRun.open(1, { plan: conventional });
    for (let i = 0; i < 5; i++) run.lease('volunteer0');
    const entries = run.events.length;
    expect(run.ask('volunteer0')).toMatchObject({
      type: 'wait',
      reason: 'this device returned no update for its last leases',
    });
    expect(run.events.slice(entries).map(({ type }) => type)).toEqual(['lease-ended']);
    const lease = run.at(30_000).lease('volunteer0');
    expect(run.ask('volunteer0').type).toBe('wait');
    run.accept(lease);
    run.fold('whole');
    expect(run.ask('volunteer0').type).toBe('lease');
  });

  it('[LEASE11] counts a pair once', () => {
    const run = SmallRun.open(1);
    for (let i = 0; i < 4; i++) run.lease('volunteer0', run.lease('volunteer0'));
    run.lease('volunteer0');
    expect(run.ask('volunteer0').type).toBe('wait');
  });

  it('[LEASE11] counts all that are asked for beside one lease, and all that follow each other so', () => {
    const same = SmallRun.open(1);
    const first = same.lease('volunteer0');
    for (let i = 0; i < 5; i++) same.lease('volunteer0', first);
    expect(same.ask('volunteer0', first).type).toBe('wait');
    const chain = SmallRun.open(1);
    let last = chain.lease('volunteer0');
    for (let i = 0; i < 8; i++) last = chain.lease('volunteer0', last);
    expect(chain.ask('volunteer0', last).type).toBe('wait');
  });

  it('[LEASE11] foretells none beside the last of them', () => {
    const run = SmallRun.open(1);
    for (let i = 0; i < 4; i++) expect(run.ask('volunteer0')).toMatchObject({ more: true });
    expect(run.ask('volunteer0')).toMatchObject({ type: 'lease', more: false });
  });
});
