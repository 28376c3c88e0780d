import { describe, expect, it } from 'vitest';
import { noDivergence } from '../../../shared/federation/divergence/divergence-state.ts';
import type { Device } from '../../../shared/protocol/messages.ts';
import type { RunView } from '../../../shared/protocol/run-view.ts';
import { emptyView } from '../../../shared/view/empty-view.ts';
import { applyEvent } from '../../support/apply-event.ts';
import { anyDevice, conventional, SmallRun } from './small-run.ts';

const referees = { evaluators: 'referees', overIssue: 1 } as const;

/** Leases to these in turn, each of which diverges. */
function divergeAt(run: SmallRun, ...volunteers: string[]): void {
  for (const volunteer of volunteers) run.diverge(run.lease(volunteer));
}

/** The same of newcomers beside somebody who has worked, who rest in between ([CROWD6]). */
function divergeSlowly(run: SmallRun, ...volunteers: string[]): void {
  for (const volunteer of volunteers) divergeAt(run.at(60_000), volunteer);
}

function rateFor(run: SmallRun, volunteer: string): number {
  const reply = run.ask(volunteer);
  if (reply.type !== 'lease') throw new Error(`${volunteer} got ${reply.type}`);
  return reply.task.schedule.rate;
}

const viewOf = (run: SmallRun): RunView =>
  run.events.map((event, i) => ({ seq: i + 1, at: i, event })).reduce(applyEvent, emptyView());

describe('a training lease that diverged', () => {
  it('[DIV1] halves the rate of its volunteer, once for each, and of nobody else', () => {
    const run = SmallRun.open(2, { training: { learningRate: 0.2 } });
    expect(rateFor(run, 'volunteer0')).toBe(0.2);
    divergeAt(run, 'volunteer0');
    expect(rateFor(run, 'volunteer0')).toBe(0.1);
    divergeAt(run, 'volunteer0');
    expect(rateFor(run, 'volunteer0')).toBe(0.05);
    expect(rateFor(run, 'volunteer1')).toBe(0.2);
  });

  it('[DIV1] ends in the ledger with the reason, its place free, and keeps its rate after an update', () => {
    const run = SmallRun.open(1, { plan: conventional, policy: referees, training: { learningRate: 0.2 } });
    divergeAt(run, 'volunteer0');
    expect(run.last('lease-ended')).toMatchObject({ volunteer: 'volunteer0', why: 'the loss is NaN' });
    run.accept(run.lease('volunteer0'));
    run.fold('whole');
    expect(rateFor(run, 'volunteer0')).toBe(0.1);
  });

  it.each([
    ['not-finite', 0.1],
    ['out-of-range', 0.1],
    // Behind the first weights a statistic follows the weights, which the rate moves.
    ['bad-statistics', 0.1],
    ['wrong-hash', 0.2],
  ] as const)('[DIV1] an update refused as %s: the next one is at a rate of %d', (reason, rate) => {
    const run = SmallRun.open(1, { plan: conventional, policy: referees, training: { learningRate: 0.2 } });
    const lease = run.lease('volunteer0');
    run.refuse(lease, reason);
    run.refuse(lease, reason);
    expect(rateFor(run, 'volunteer0')).toBe(rate);
  });

  it('[DIV1] is a training lease: an evaluation halves nothing', () => {
    const run = SmallRun.open(0, { policy: { evaluators: 'referees', minVolunteers: 9 } });
    run.join('referee', undefined, true);
    run.diverge(run.lease('referee'));
    expect(run.state.divergence).toEqual(noDivergence);
  });

  it('[DIV1] is given back by its holder alone', () => {
    const run = SmallRun.open(2);
    const { id } = run.lease('volunteer0');
    const release = { type: 'release', lease: id, reason: 'mischief', diverged: true } as const;
    expect(run.refusal({ ...release, volunteer: 'volunteer1' })).toBe('unknown-lease');
    expect(run.state.volunteers.get('volunteer0')).not.toHaveProperty('halvings');
  });
});

describe('a run whose training diverges', () => {
  it('[DIV2] pauses itself after five in a row of a volunteer who is alone, and says why', () => {
    const run = SmallRun.open(1, { plan: conventional, policy: referees });
    divergeAt(run, ...Array(4).fill('volunteer0'));
    expect(run.state.phase).toBe('open');
    divergeAt(run, 'volunteer0');
    expect(run.last('run-paused')).toEqual({ type: 'run-paused', why: 'diverged' });
    expect(viewOf(run)).toMatchObject({ phase: 'paused', why: 'diverged' });
    expect(run.ask('volunteer0')).toMatchObject({ type: 'wait', reason: 'the run is paused' });
  });

  it.each([
    ['out-of-range', 'too-large', 'conv1/kernel changes by 70, at most 64 is accepted'],
    [
      'bad-statistics',
      'bad-statistics',
      'the moving variance of layer norm is -3: no variance is below zero',
    ],
    ['not-finite', 'diverged', 'conv1/kernel'],
  ] as const)(
    '[DIV2] pauses itself if every update is refused as %s, and says that it is %s and of which tensor',
    (reason, why, detail) => {
      const run = SmallRun.open(1, { plan: conventional, policy: referees });
      for (let i = 0; i < 5; i++) run.refuse(run.lease('volunteer0'), reason, detail);
      expect(run.events.slice(-2)).toMatchObject([
        { type: 'update-refused', reason, detail },
        { type: 'run-paused', why, detail },
      ]);
      expect(viewOf(run)).toMatchObject({ phase: 'paused', why, whyDetail: detail });
      run.control('resume');
      expect(viewOf(run)).toMatchObject({ phase: 'open', why: null });
      expect(viewOf(run)).not.toHaveProperty('whyDetail');
    },
  );

  it('[DIV2] counts fruitless leases of every kind, and says of what kind the last one was', () => {
    const run = SmallRun.open(1, { plan: conventional, policy: referees });
    divergeAt(run, 'volunteer0', 'volunteer0');
    run.refuse(run.lease('volunteer0'), 'out-of-range');
    run.refuse(run.lease('volunteer0'), 'wrong-hash');
    run.refuse(run.lease('volunteer0'), 'bad-statistics');
    expect(run.state.phase).toBe('open');
    run.at(30_000).refuse(run.lease('volunteer0'), 'bad-statistics');
    expect(run.last('run-paused')).toEqual({ type: 'run-paused', why: 'bad-statistics' });
  });

  it('[DIV2] goes on if it is one of two who says so', () => {
    const run = SmallRun.open(2, { plan: conventional, policy: referees });
    divergeAt(run, ...Array(5).fill('volunteer0'));
    expect(run.state.phase).toBe('open');
    divergeAt(run, 'volunteer1');
    expect(run.state.phase).toBe('paused');
  });

  it('[DIV2] pauses itself if half of those who can train say so, and not before', () => {
    const run = SmallRun.open(6, { plan: conventional, policy: referees });
    for (let i = 0; i < 3; i++) run.join(`tiny${i}`, { backend: 'wasm', macsPerSecond: 0, memoryMB: 0.001 });
    divergeAt(run, ...Array(4).fill('volunteer0'), 'volunteer1');
    expect(run.state.phase).toBe('open');
    divergeAt(run, 'volunteer2');
    expect(run.state.phase).toBe('paused');
  });

  it('[DIV2] pauses itself in a crowd once as many say so as a round wants updates', () => {
    const policy = { ...referees, updatesPerRound: 3 };
    const run = SmallRun.open(20, { plan: conventional, policy });
    divergeAt(run, ...Array(3).fill('volunteer0'), 'volunteer1', 'volunteer0');
    expect(run.state.phase).toBe('open');
    divergeAt(run, 'volunteer2');
    expect(run.state.phase).toBe('paused');
  });

  it('[DIV2] goes on while somebody trains for whom it has not diverged', () => {
    const run = SmallRun.open(3, { plan: conventional, policy: { ...referees, updatesPerRound: 3 } });
    const honest = run.lease('volunteer2');
    divergeAt(run, ...Array(4).fill('volunteer0'), 'volunteer1', 'volunteer1');
    expect(run.state.phase).toBe('open');
    run.diverge(honest);
    expect(run.state.phase).toBe('paused');
  });

  it('[DIV2] goes on while somebody is there who trained the last round, though strangers hold all places', () => {
    const run = SmallRun.open(1, { plan: conventional, policy: { ...referees, updatesPerRound: 4 } });
    run.accept(run.lease('volunteer0'));
    run.fold('whole');
    const strangers = Array.from({ length: 4 }, (_, i) => `stranger${i}`);
    for (const stranger of strangers) run.join(stranger);
    const held = strangers.map(stranger => run.lease(stranger));
    expect(run.ask('volunteer0').type).toBe('wait');
    for (const lease of held) run.diverge(lease);
    divergeAt(run, 'stranger0');
    expect(run.state).toMatchObject({ phase: 'open', divergence: { leases: 5 } });
    divergeAt(run, 'volunteer0');
    expect(run.state.phase).toBe('paused');
  });

  it('[DIV2] goes on while somebody is there who trained the last round, though nobody has opened this one', () => {
    const policy = { ...referees, updatesPerRound: 3, leaseMs: 60_000, roundMs: 60_000 };
    const run = SmallRun.open(4, { plan: conventional, policy });
    run.accept(run.lease('volunteer2'));
    expect(run.at(30_000).ask('volunteer2').type).toBe('wait');
    divergeAt(run, 'volunteer1', 'volunteer1', 'volunteer3', 'volunteer3');
    const last = run.lease('volunteer0');
    run.at(30_000).alarm();
    run.fold('whole');
    expect(run.state.round).toMatchObject({ status: 'unopened', number: 2 });
    run.diverge(last);
    expect(run.state).toMatchObject({ phase: 'open', divergence: { leases: 5 } });
  });

  it('[DIV2] goes on though only strangers are left to train, if an update of the round says that all is well', () => {
    const run = SmallRun.open(2, { plan: conventional, policy: { ...referees, updatesPerRound: 4 } });
    const all = ['volunteer0', 'volunteer1'];
    for (const volunteer of all) run.accept(run.lease(volunteer));
    run.fold('whole');
    const strangers = ['stranger0', 'stranger1', 'stranger2'];
    for (const stranger of strangers) run.join(stranger);
    for (const volunteer of all) run.accept(run.lease(volunteer));
    divergeAt(run, ...strangers, 'stranger0', 'stranger1');
    expect(run.state).toMatchObject({ phase: 'open', divergence: { leases: 5 } });
  });

  it('[DIV2] goes on while a referee is there for whom it may go well', () => {
    const run = SmallRun.open(4, { plan: conventional, policy: { ...referees, updatesPerRound: 4 } });
    run.join('referee', anyDevice, true);
    const held = ['volunteer0', 'volunteer1', 'volunteer2', 'volunteer3'].map(id => run.lease(id));
    for (const lease of held) run.diverge(lease);
    divergeAt(run, 'volunteer0');
    expect(run.state).toMatchObject({ phase: 'open', divergence: { leases: 5 } });
    divergeAt(run, 'referee');
    expect(run.state.phase).toBe('paused');
  });

  it('[DIV2] waits for nobody who trained the last round and has done all it can in this one', () => {
    const run = SmallRun.open(0, { policy: { ...referees, rounds: 'synchronous' } });
    run.join('feeble', { ...anyDevice, memoryMB: 0.012 });
    for (const strong of ['strong1', 'strong2']) run.join(strong);
    for (const volunteer of ['feeble', 'strong1']) run.accept(run.lease(volunteer));
    for (const role of ['student', 'teacher'] as const) run.fold(role);
    const student = run.lease('feeble');
    expect(student.role).toBe('student');
    run.accept(student);
    divergeAt(run, ...Array(4).fill('strong1'), 'strong2');
    expect(run.state.phase).toBe('paused');
  });

  it('[DIV2] waits for nobody who trained the last round and has gone', () => {
    const run = SmallRun.open(1, { plan: conventional, policy: referees });
    run.accept(run.lease('volunteer0'));
    run.fold('whole');
    run.at(200_000).join('volunteer1');
    divergeAt(run, ...Array(5).fill('volunteer1'));
    expect(run.state.phase).toBe('paused');
  });

  it('[DIV2] asks nobody who only looks on: of a crowd the numbers are enough', () => {
    const run = SmallRun.open(1, { plan: conventional, policy: { ...referees, updatesPerRound: 500 } });
    let looks = 0;
    const watched: Device = {
      ...anyDevice,
      get memoryMB() {
        looks += 1;
        return 0;
      },
    };
    for (let i = 0; i < 40; i++) run.join(`onlooker${i}`, watched);
    divergeAt(run, ...Array(4).fill('volunteer0'));
    const last = run.lease('volunteer0');
    const before = looks;
    run.diverge(last);
    expect(run.state).toMatchObject({ phase: 'open', divergence: { leases: 5 } });
    expect(looks).toBe(before);
  });

  it('[DIV3] counts from the last training update on', () => {
    const run = SmallRun.open(2, { policy: { overIssue: 1, updatesPerRound: 2 } });
    divergeAt(run, 'volunteer0', 'volunteer1', 'volunteer0', 'volunteer1');
    run.accept(run.lease('volunteer0'));
    divergeSlowly(run, 'volunteer1', 'volunteer1');
    expect(run.state).toMatchObject({ phase: 'open', divergence: { leases: 2, by: ['volunteer1'] } });
  });

  it('[DIV3] begins to count anew when its host resumes it, at the halved rates', () => {
    const run = SmallRun.open(1, { plan: conventional, policy: referees, training: { learningRate: 0.32 } });
    divergeAt(run, ...Array(5).fill('volunteer0'));
    run.control('resume');
    expect(viewOf(run)).toMatchObject({ phase: 'open', why: null });
    run.at(30_000);
    expect(rateFor(run, 'volunteer0')).toBe(0.01);
    divergeAt(run.at(30_000), 'volunteer0');
    expect(run.state.phase).toBe('open');
  });

  it('[RUN2] paused by its host says that', () => {
    const run = SmallRun.open(1);
    run.control('pause');
    expect(viewOf(run)).toMatchObject({ phase: 'paused', why: 'host' });
  });
});
