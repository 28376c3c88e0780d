import { cleanup, render, screen } from '@testing-library/preact';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { RunHeader } from '../../client/web/run/run-header.tsx';
import { explainPause } from '../../shared/protocol/pause.ts';
import type { RunView } from '../../shared/protocol/run-view.ts';
import { byId, factsOf, roundOf, viewOf, volunteerOf } from './some-run.ts';

const show = (change: Partial<RunView> = {}, isConnected = true, facts = factsOf()): string => {
  const { container } = render(<RunHeader facts={facts} view={viewOf(change)} isConnected={isConnected} />);
  return container.textContent ?? '';
};

/** The last one was tested. */
const testedRounds = (count: number, accuracy: number) =>
  Array.from({ length: count }, (_, i) => roundOf(i + 1, i + 1 === count ? { accuracy } : {}));

afterEach(() => vi.useRealTimers());

describe('the head of a run', () => {
  it('says what the run is, how far it is and how good', () => {
    show({ round: 4, version: 3, rounds: testedRounds(3, 0.9) });
    expect(screen.getByTestId('phase').textContent).toBe('open');
    expect(screen.getByTestId('round').textContent).toBe('Round 4 of 10');
    expect(screen.getByTestId('version').textContent).toBe('3');
    expect(screen.getByRole('progressbar', { name: '3 of 10 rounds done' }).getAttribute('value')).toBe('3');
    expect(screen.getByTestId('accuracy').textContent).toBe('90.0 %');
    expect(screen.queryByTestId('connection')).toBeNull();
  });

  it('says when the run was opened, and the beginning of its id, for two runs of one name', () => {
    show({ openedAt: new Date(2026, 10, 28, 14, 3).getTime() });
    expect(screen.getByTestId('which-run').textContent).toBe('opened 28 Nov 2026, 14:03 · abc1');
  });

  it('says that a run is in the archive, and what that means', () => {
    const text = show({ phase: 'paused', round: 2, version: 1 }, true, factsOf({ archived: true }));
    expect(screen.getByTestId('phase').textContent).toBe('paused');
    expect(screen.getByTestId('archived').textContent).toBe('archived');
    expect(text).toContain('This run is archived: nothing in it changes, and nobody trains it.');
    cleanup();
    show();
    expect(screen.queryByTestId('archived')).toBeNull();
  });

  it('of a run that is over asks nobody to confirm its accuracy, and misses no target with an older version', () => {
    const rounds = [roundOf(1, { accuracy: 0.9, unconfirmed: true })];
    const over = { phase: 'finished', why: 'rounds', round: 1, version: 1, rounds } as const;
    const text = show(over);
    expect(screen.getByTestId('unconfirmed').textContent).toContain('neither a referee nor two volunteers');
    expect(text).not.toContain('that needs a referee');
    expect(text).toContain('The target of 95.0 % was not reached.');
    cleanup();
    expect(show({ ...over, round: 2, version: 2, rounds: [...rounds, roundOf(2)] })).not.toContain(
      'not reached',
    );
  });

  it('knows no accuracy before the first test, and takes none of the untrained version', () => {
    show({ accuracy: 0.099, rounds: [] });
    expect(screen.getByTestId('accuracy').textContent).toBe('not tested yet');
    expect(screen.getByTestId('tested').textContent).toBe('Nothing is trained yet.');
  });

  it('names the version of its accuracy, and says that a newer one is not tested yet', () => {
    show({ round: 3, version: 2, rounds: [roundOf(1, { accuracy: 0.9 }), roundOf(2)] });
    expect(screen.getByTestId('accuracy').textContent).toBe('90.0 %');
    expect(screen.getByTestId('tested').textContent).toBe('accuracy of version 1');
    expect(screen.getByTestId('newer-untested').textContent).toBe('Version 2 is out and not tested yet.');
  });

  it('names the version of its accuracy, and says that a newer one is out', () => {
    show({ round: 5, version: 4, rounds: [roundOf(1, { accuracy: 0.9 }), roundOf(4)] });
    expect(screen.getByTestId('accuracy').textContent).toBe('90.0 %');
    expect(screen.getByTestId('tested').textContent).toContain('version 1');
    expect(screen.getByTestId('newer-untested').textContent).toBe('Version 4 is out and not tested yet.');
  });

  it('of a run that is over takes no accuracy but that of its last version', () => {
    const rounds = [roundOf(1, { accuracy: 0.9 }), roundOf(2)];
    show({ phase: 'finished', why: 'host', round: 3, version: 2, rounds, finishedAt: 9 });
    expect(screen.getByTestId('accuracy').textContent).toBe('not tested');
    expect(screen.getByTestId('tested').textContent).toBe(
      'Nobody tested version 2, the last one. Version 1 reached 90.0 %.',
    );
    cleanup();
    show({
      phase: 'finished',
      why: 'host',
      round: 3,
      version: 2,
      rounds: testedRounds(2, 0.9),
      finishedAt: 9,
    });
    expect(screen.getByTestId('tested').textContent).toBe('accuracy of version 2, the last one');
  });

  it('says when the version was tested', () => {
    const at = new Date();
    at.setHours(14, 3);
    show({ version: 2, round: 3, tested: { version: 2, accuracy: 0.9, at: at.getTime() } });
    expect(screen.getByTestId('tested').textContent).toBe('accuracy of version 2, tested 14:03');
  });

  it('says that the last version is being tested while the run closes, and waits for nothing', () => {
    vi.useFakeTimers({ now: 500_000 });
    const closing = { why: 'host', since: 90_000 } as const;
    show({ version: 2, round: 3, joined: 1, closing, tested: { version: 1, accuracy: 0.9, at: 1 } });
    expect(screen.getByTestId('closing').textContent).toBe(
      'Training is over. Version 2, the last one, is being tested before the run is called finished.',
    );
    expect(screen.getByTestId('round').textContent).toBe('2 of 10 rounds done');
    expect(screen.getByTestId('elapsed').textContent).toBe('1:30');
    expect(screen.queryByTestId('waiting')).toBeNull();
  });

  it('says that the target is reached once it is', () => {
    expect(show({ version: 1, rounds: testedRounds(1, 0.94) })).toContain('target 95.0 %');
    expect(show({ version: 1, rounds: testedRounds(1, 0.95) })).toContain('target reached: 95.0 %');
  });

  const needed =
    'not confirmed: that needs a referee, or two volunteers who have helped and did not train this version.';

  it('[EVAL13] says of an accuracy that nobody confirmed why the run goes on, and what helps', () => {
    const facts = factsOf();
    const stopping = { ...facts, spec: { ...facts.spec, stopAtTarget: true } };
    const unconfirmed = { version: 1, rounds: [roundOf(1, { accuracy: 0.96, unconfirmed: true })] };
    expect(show(unconfirmed, true, stopping)).toContain('target 95.0 %');
    expect(screen.getByTestId('unconfirmed').textContent).toBe(
      `${needed} Until then the run goes on, to its last round or until its host ends it. The host’s own tab is a referee.`,
    );
    cleanup();
    // This one goes on whatever is confirmed.
    show(unconfirmed);
    expect(screen.getByTestId('unconfirmed').textContent).toBe(`${needed} The host’s own tab is a referee.`);
    cleanup();
    show({ version: 1, rounds: testedRounds(1, 0.96) });
    expect(screen.queryByTestId('unconfirmed')).toBeNull();
  });

  it('[VIEW7] says when and why the run was taken back last', () => {
    show({ takenBack: { round: 4, from: 3, to: 1, why: 'host' } });
    expect(screen.getByTestId('taken-back').textContent).toBe(
      'In round 4 the host took the run back from version 3 to version 1.',
    );
    cleanup();
    const detail = 'version 3 has 10.0 %, version 1 had 80.0 %';
    show({ takenBack: { round: 4, from: 3, to: 1, why: 'fell', detail } });
    expect(screen.getByTestId('taken-back').textContent).toBe(
      `In round 4 the run went back from version 3 to version 1, since its accuracy fell: ${detail}.`,
    );
  });

  it('says what may help if its rounds are over and the target is missed', () => {
    const tested = { version: 10, round: 10, at: 9, accuracy: 0.6, loss: 1 } as const;
    const over = { phase: 'finished', round: 10, version: 10, why: 'rounds', finishedAt: 9 } as const;
    expect(show({ ...over, tested })).toMatch(
      /The target of [\d.]+\s% was not reached. More rounds may help/,
    );
    cleanup();
    expect(show({ ...over, tested: { ...tested, accuracy: 1 } })).not.toContain('was not reached');
  });

  it('says how many rounds were done when the run is over, and why it is, and has no bar then', () => {
    const text = show({ phase: 'finished', round: 5, version: 4, why: 'target', finishedAt: 9 });
    expect(text).toContain('Finished: the target is reached.');
    expect(screen.getByTestId('round').textContent).toBe('4 of 10 rounds done');
    expect(screen.queryByRole('progressbar')).toBeNull();
  });

  it('says of a paused run how many rounds are done', () => {
    show({ phase: 'paused', why: 'host', round: 5, version: 4 });
    expect(screen.getByTestId('round').textContent).toBe('4 of 10 rounds done');
  });

  it('says of a run of one round that it is one', () => {
    const facts = factsOf();
    show({ phase: 'paused', why: 'host' }, true, { ...facts, spec: { ...facts.spec, rounds: 1 } });
    expect(screen.getByTestId('round').textContent).toBe('0 of 1 round done');
  });

  it('explains a pause that the run made itself, and no other', () => {
    expect(show({ phase: 'paused', why: 'host' })).not.toContain('paused itself');
    const whyDetail = 'conv1/kernel changes by 70, at most 64 is accepted';
    const paused = { phase: 'paused', why: 'too-large', whyDetail } as const;
    expect(show(paused)).toContain(explainPause(paused));
  });

  it('says that it is not connected', () => {
    show({}, false);
    expect(screen.getByTestId('connection').textContent).toBe('reconnecting…');
  });

  it('counts the time while the run runs', async () => {
    vi.useFakeTimers({ now: 61_000 });
    show();
    expect(screen.getByTestId('elapsed').textContent).toBe('1:01');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(screen.getByTestId('elapsed').textContent).toBe('1:03');
  });

  it('counts no time while the run is paused, nor the pauses before', async () => {
    vi.useFakeTimers({ now: 500_000 });
    show({ phase: 'paused', why: 'host', pausedAt: 90_000, pausedMs: 10_000 });
    expect(screen.getByTestId('elapsed').textContent).toBe('1:20');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(screen.getByTestId('elapsed').textContent).toBe('1:20');
  });

  it('says that it waits for volunteers, and no more once somebody is at work', async () => {
    vi.useFakeTimers({ now: 1_000 });
    show();
    expect(screen.getByTestId('waiting').textContent).toBe(
      'The run is waiting for volunteers: 0 of 1 have joined.',
    );
    const { rerender } = render(
      <RunHeader facts={factsOf()} view={viewOf({ volunteers: byId(volunteerOf('ada')) })} isConnected />,
    );
    expect(screen.queryAllByTestId('waiting')).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(screen.queryAllByTestId('waiting').at(-1)?.textContent).toBe(
      'The run is waiting for volunteers: nobody is at work.',
    );
    const told = (here: number): string | undefined => {
      const view = viewOf({ volunteers: byId(volunteerOf('ada')), here });
      rerender(<RunHeader facts={factsOf()} view={view} isConnected />);
      return screen.queryAllByTestId('waiting').at(-1)?.textContent;
    };
    expect(told(0)).toBe('The run is waiting for volunteers: nobody is here.');
    expect(told(1)).toBe('The run is waiting: one volunteer is here, and nobody is at work.');
    expect(told(2)).toBe('The run is waiting: 2 volunteers are here, and nobody is at work.');
    const atWork = volunteerOf('ada', { role: 'student', lease: 'lease1' });
    rerender(<RunHeader facts={factsOf()} view={viewOf({ volunteers: byId(atWork) })} isConnected />);
    expect(screen.queryAllByTestId('waiting')).toHaveLength(1);
  });

  it('says which role fits nobody’s device, and what it needs', () => {
    show({ joined: 1, unfit: { teacher: { memoryMB: 912.4, macsPerSecond: 2_140_000_000 } } });
    expect(screen.getByTestId('waiting').textContent).toBe(
      'The run is waiting for a stronger device, for nobody’s fits: teacher needs 912 MB of memory and 2.14 billion multiply-accumulates a second.',
    );
  });

  it('stands still at the run’s own length when it is over', async () => {
    vi.useFakeTimers({ now: 500_000 });
    show({ phase: 'finished', finishedAt: 90_000 });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(screen.getByTestId('elapsed').textContent).toBe('1:30');
  });
});
