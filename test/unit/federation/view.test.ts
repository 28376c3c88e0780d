import { describe, expect, it } from 'vitest';
import type { LeaseState } from '../../../shared/federation/lease/lease-state.ts';
import { runEventSchema } from '../../../shared/protocol/events.ts';
import { type RunView, runViewSchema } from '../../../shared/protocol/run-view.ts';
import { emptyView } from '../../../shared/view/empty-view.ts';
import { exchangeCost } from '../../../shared/view/exchange-cost.ts';
import { shownAccuracy } from '../../../shared/view/shown-accuracy.ts';
import { isTicking, trainedMs } from '../../../shared/view/trained-time.ts';
import { applyEvent } from '../../support/apply-event.ts';
import { acceptedEntry, conventional, SmallRun, smallModel, trainingMetrics } from './small-run.ts';

const ledgerOf = (run: SmallRun) => run.events.map((event, i) => ({ seq: i + 1, at: 5_000 + i, event }));

const viewOf = (run: SmallRun): RunView => ledgerOf(run).reduce(applyEvent, emptyView());

function trainRound(run: SmallRun): void {
  const lease = run.lease('volunteer0');
  run.accept(lease);
  run.fold('whole', {}, 1);
}

describe('the view of a run', () => {
  it('[VIEW1] passes over events it has seen', () => {
    const run = SmallRun.open(1, { plan: conventional });
    trainRound(run);
    const ledger = ledgerOf(run);
    const view = ledger.reduce(applyEvent, emptyView());
    expect(view.seq).toBe(ledger.length);
    expect(ledger.reduce(applyEvent, view)).toEqual(view);
    expect(view.accepted).toBe(1);
  });

  it('[VIEW8] never shows the accuracy of version 0, and names the version of each other one', () => {
    const run = SmallRun.open(1, { plan: conventional });
    const event = { type: 'version-evaluated' as const, examples: 4, loss: 1 };
    trainRound(run);
    run.events.push({ ...event, version: 0, accuracy: 0.1 });
    expect(viewOf(run)).toMatchObject({ accuracy: null, bestAccuracy: null, untrained: { accuracy: 0.1 } });
    expect(shownAccuracy(viewOf(run))).toBeNull();
    run.events.push({ ...event, version: 1, accuracy: 0.8, confirmed: false });
    const at = viewOf(run).tested?.at;
    expect(at).toBe(5_000 + run.events.length - 1);
    const tested = { version: 1, accuracy: 0.8, loss: 1, at, unconfirmed: true };
    expect(viewOf(run)).toMatchObject({ tested, best: tested, rounds: [{ testedAt: at }] });
    expect(shownAccuracy(viewOf(run))).toEqual({ ...tested, isNewest: true });
    trainRound(run);
    expect(shownAccuracy(viewOf(run))).toEqual({ ...tested, isNewest: false });
    expect(runViewSchema.parse(viewOf(run))).toEqual(viewOf(run));
  });

  it('[VIEW10] counts pauses apart from the time in which the run trains', () => {
    const run = SmallRun.open(1, { plan: conventional });
    const opened = ledgerOf(run).length;
    const phases = ['run-paused', 'run-opened', 'run-paused'] as const;
    const ledger = [
      ...ledgerOf(run),
      ...phases.map((type, i) => ({ seq: opened + 1 + i, at: 20_000 + 10_000 * i, event: { type } })),
    ];
    const views = ledger.map((_, i) => ledger.slice(0, i + 1).reduce(applyEvent, emptyView()));
    const openedAt = views[opened - 1]?.openedAt ?? 0;
    expect(views.slice(opened).map(view => trainedMs(view, 100_000))).toEqual([
      20_000 - openedAt,
      100_000 - openedAt - 10_000,
      40_000 - openedAt - 10_000,
    ]);
    expect(views.slice(opened).map(isTicking)).toEqual([false, true, false]);
  });

  it('[VIEW1] and its ledger are of the agreed form', () => {
    const run = SmallRun.open(2);
    run.accept(run.lease('volunteer0'));
    run.refuse(run.lease('volunteer1'));
    run.at(1_000_000).alarm();
    run.fold('student');
    run.fold('teacher');
    run.control('finish');
    expect(() => ledgerOf(run).map(entry => runEventSchema.parse(entry))).not.toThrow();
    expect(runViewSchema.parse(viewOf(run))).toEqual(viewOf(run));
  });

  it('[VIEW4] counts a late update to the round that it counts in, and says how many of it are late', () => {
    const policy = { updatesPerRound: 2, overIssue: 3 };
    const run = SmallRun.open(3, { plan: conventional, policy });
    const leases = [0, 1, 2].map(i => run.lease(`volunteer${i}`));
    const [first, second, late] = leases as [LeaseState, LeaseState, LeaseState];
    run.accept(first);
    run.accept(second);
    run.step({ type: 'report', role: 'whole', entries: [{ ...acceptedEntry(late), countsIn: 2 }] });
    expect(viewOf(run)).toMatchObject({ current: { updates: { whole: 2 } }, upcoming: { 2: { whole: 1 } } });
    expect(runViewSchema.parse(viewOf(run))).toEqual(viewOf(run));
    run.fold('whole', {}, 2);
    expect(viewOf(run).current).toMatchObject({ round: 2, updates: { whole: 1 }, late: 1 });
    expect(viewOf(run).upcoming).toEqual({});
    run.accept(run.lease('volunteer0'));
    run.fold('whole', {}, 2);
    expect(viewOf(run).rounds.map(round => [round.updates, round.late])).toEqual([
      [{ whole: 2 }, undefined],
      [{ whole: 2 }, 1],
    ]);
    expect(viewOf(run)).toMatchObject({ accepted: 4, trainingUpdates: 4 });
  });

  it('[VIEW2] shows phase, version and the round opened last', () => {
    const run = SmallRun.open(1, { plan: conventional });
    trainRound(run);
    expect(viewOf(run)).toMatchObject({ phase: 'open', round: 1, version: 1 });
    expect(viewOf(run).goals).toEqual({});
    run.lease('volunteer0');
    expect(viewOf(run)).toMatchObject({ phase: 'open', round: 2, version: 1, goals: { whole: 1 } });
    run.control('pause');
    expect(viewOf(run).phase).toBe('paused');
    run.control('resume');
    expect(viewOf(run)).toMatchObject({ phase: 'open', openedAt: 5_000, finishedAt: null });
    run.control('finish');
    expect(viewOf(run)).toMatchObject({ phase: 'open', why: null, closing: { why: 'host' } });
    run.control('finish-now');
    expect(viewOf(run)).toMatchObject({ phase: 'finished', why: 'host', untested: true });
  });

  it('[VIEW3] shows a volunteer on the lease in hand, and idle after it', () => {
    const run = SmallRun.open(1, { plan: conventional });
    const first = run.lease('volunteer0');
    expect(viewOf(run).volunteers.volunteer0).toMatchObject({ role: 'whole', lease: first.id });
    const second = run.lease('volunteer0');
    run.refuse(first, 'late');
    expect(viewOf(run).volunteers.volunteer0).toMatchObject({ role: 'whole', lease: second.id, refused: 1 });
    run.accept(second);
    expect(viewOf(run).volunteers.volunteer0).toMatchObject({ role: null, lease: null, updates: 1 });
  });

  it('[VIEW3] shows the lease in hand, and then the one beside it', () => {
    const run = SmallRun.open(1);
    const first = run.lease('volunteer0');
    const second = run.lease('volunteer0', first);
    const next = { role: second.role, lease: second.id };
    expect(viewOf(run).volunteers.volunteer0).toMatchObject({ role: first.role, lease: first.id, next });
    run.accept(first);
    expect(viewOf(run).volunteers.volunteer0).toMatchObject({ ...next, next: null });
  });

  it('[VIEW3] shows no more a lease beside another that was given back', () => {
    const run = SmallRun.open(1);
    const first = run.lease('volunteer0');
    const second = run.lease('volunteer0', first);
    run.step({ type: 'release', volunteer: 'volunteer0', lease: second.id, reason: 'the volunteer paused' });
    expect(viewOf(run).volunteers.volunteer0).toMatchObject({ lease: first.id, next: null });
  });

  it('[VIEW3] shows nobody at work after the end', () => {
    const run = SmallRun.open(1);
    run.lease('volunteer0');
    run.control('finish');
    expect(viewOf(run).volunteers.volunteer0).toMatchObject({ role: null, lease: null });
  });

  it('[VIEW4] counts what arrived before a version to its round', () => {
    const run = SmallRun.open(2, { plan: conventional });
    const [first, second] = [run.lease('volunteer0'), run.lease('volunteer1')];
    run.accept(first, { ...trainingMetrics, loss: 2 });
    run.refuse(second);
    run.accept(run.lease('volunteer1'), { ...trainingMetrics, loss: 4 });
    run.fold('whole', {}, 2);
    const [round] = viewOf(run).rounds;
    expect(round).toMatchObject({
      round: 1,
      version: 1,
      updates: { whole: 2 },
      loss: { whole: 3 },
      bytesUp: 100,
      bytesDown: 200,
      refused: 1,
      accuracy: null,
    });
    expect(viewOf(run).current).toMatchObject({ round: 2, version: 1, bytesUp: 0, refused: 0 });
    expect(viewOf(run).current.updates).toEqual({});
    expect(viewOf(run)).toMatchObject({ accepted: 2, refused: 1, bytesUp: 100, trainingUpdates: 2 });
  });

  it('[VIEW4] shows the last twenty refusals and counts them all', () => {
    const run = SmallRun.open(1, { plan: conventional });
    for (let i = 0; i < 21; i++)
      run.at(30_000).refuse(run.lease('volunteer0'), i === 20 ? 'late' : 'wrong-hash');
    const { refusals, refused } = viewOf(run);
    expect(refusals).toHaveLength(20);
    expect(refusals[0]).toMatchObject({ reason: 'late', volunteer: 'volunteer0', role: 'whole' });
    expect(refused).toBe(21);
  });

  it('[VIEW4] writes an accuracy to the round that made the version, and keeps the best', () => {
    const event = { type: 'version-evaluated', examples: 10, loss: 1 } as const;
    const run = SmallRun.open(1, { plan: conventional });
    trainRound(run);
    trainRound(run);
    run.events.push({ ...event, version: 1, accuracy: 0.75 }, { ...event, version: 2, accuracy: 0.25 });
    expect(viewOf(run)).toMatchObject({ accuracy: 0.25, bestAccuracy: 0.75 });
    expect(viewOf(run).rounds[0]).toMatchObject({ accuracy: 0.75, testLoss: 1 });
  });

  it('a dense exchange is counted at four bytes a body parameter and training update', () => {
    const run = SmallRun.open(1, { plan: conventional });
    trainRound(run);
    trainRound(run);
    expect(exchangeCost(smallModel, viewOf(run)).dense).toBe(4 * 1_100 * 2);
  });
});
