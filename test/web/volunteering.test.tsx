import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { describe, expect, it, vi } from 'vitest';
import { idleVolunteer, type VolunteerStatus } from '../../client/volunteer/volunteer-status.ts';
import { forgetHostKey, keepHostKey } from '../../client/web/state/host-keys.ts';
import { platformClient } from '../../client/web/state/platform-client.ts';
import { forgetRefereeKey, judgingKeyOf } from '../../client/web/state/referee-keys.ts';
import { followAddress, goTo } from '../../client/web/state/router.ts';
import { Avatar } from '../../client/web/ui/avatar.tsx';
import { currentSession } from '../../client/web/volunteering/current-session.ts';
import { OfferedKey } from '../../client/web/volunteering/offered-key.tsx';
import { RefereeRights } from '../../client/web/volunteering/referee-rights.tsx';
import { VolunteerForm } from '../../client/web/volunteering/volunteer-form.tsx';
import type { VolunteerMemory } from '../../client/web/volunteering/volunteer-memory.ts';
import { VolunteerPanel } from '../../client/web/volunteering/volunteer-panel.tsx';
import { VolunteerSession } from '../../client/web/volunteering/volunteer-session.ts';
import { VolunteerWork } from '../../client/web/volunteering/volunteer-work.tsx';
import { agreedLimits, agreeToLimits } from '../../client/web/volunteering/work-limit-setting.ts';
import { byId, factsOf, RUN, viewOf, volunteerOf } from './some-run.ts';

const slotWith = (memory: VolunteerMemory | null = null) => ({ read: () => memory, write: () => {} });

const ada: VolunteerMemory = {
  ...{ name: 'Ada', backend: 'wasm', identity: { volunteer: 'v1', token: 't' }, wasActive: false },
};

const noQuery = new URLSearchParams();
const asksToJoin = new URLSearchParams('join=1');

describe('a referee’s key that a link offers', () => {
  it('is told of, and its user chooses', async () => {
    followAddress();
    for (const letter of ['a', 'b']) {
      goTo(`#/runs/${RUN}?key=${letter.repeat(64)}`);
      await waitFor(() => expect(location.hash).toBe(`#/runs/${RUN}`));
    }
    render(<OfferedKey run={RUN} />);
    expect(screen.getByTestId('offered-key').textContent).toContain('brings another one');
    fireEvent.click(screen.getByRole('button', { name: 'Take the link’s key' }));
    await waitFor(() => expect(screen.queryByTestId('offered-key')).toBeNull());
    expect(judgingKeyOf(RUN)).toBe('b'.repeat(64));
  });
});

describe('the form of a volunteer', () => {
  const show = (memory: VolunteerMemory | null, needsCode = false, query = noQuery): void =>
    void render(
      <VolunteerForm facts={factsOf({ needsCode })} view={viewOf()} slot={slotWith(memory)} query={query} />,
    );

  it('asks a new volunteer for a name, with one suggested, and for what to train on', () => {
    show(null);
    expect(screen.getByLabelText('Your name, as others see it')).toHaveProperty(
      'value',
      expect.stringMatching(/^\w+ \w+$/),
    );
    expect(screen.getByLabelText('Train on')).toHaveProperty('value', 'auto');
    expect(screen.getByTestId('start-volunteering').textContent).toBe('Start training');
  });

  it('asks a guest for the join code, and not the host’s own browser', () => {
    show(null, true);
    expect(screen.queryByLabelText(/^Join code/)).not.toBeNull();
    cleanup();
    keepHostKey(RUN, 'k'.repeat(64));
    show(null, true);
    expect(screen.queryByLabelText(/^Join code/)).toBeNull();
    forgetHostKey(RUN);
  });

  it('tells whoever comes by a link what the button does, once, and not the host’s own browser', () => {
    show(null, false, new URLSearchParams('join=1'));
    expect(screen.getByTestId('invited').textContent).toMatch(
      /^If you press the button below, this device helps to train the network of “Digits”: .* pictures .*\(glyphs\).*no picture or file of yours/,
    );
    expect(screen.queryByText(/The link asks this browser/)).toBeNull();
    cleanup();
    keepHostKey(RUN, 'k'.repeat(64));
    show(null);
    expect(screen.queryByTestId('invited')).toBeNull();
    forgetHostKey(RUN);
  });

  it('says what a referee’s link makes of its user, who may rather be an ordinary volunteer', async () => {
    followAddress();
    goTo(`#/runs/${RUN}?key=${'c'.repeat(64)}`);
    await waitFor(() => expect(location.hash).toBe(`#/runs/${RUN}`));
    forgetRefereeKey(RUN);
    goTo(`#/runs/${RUN}?key=${'d'.repeat(64)}`);
    await waitFor(() => expect(judgingKeyOf(RUN)).toBe('d'.repeat(64)));
    const { rerender } = render(<RefereeRights run={RUN} atWork="referee" />);
    expect(screen.queryByTestId('referee-rights')).toBeNull();
    rerender(<RefereeRights run={RUN} atWork="volunteer" />);
    expect(screen.getByTestId('referee-rights').textContent).toContain('Stop it and start it again');
    rerender(<RefereeRights run={RUN} atWork={null} />);
    expect(screen.getByTestId('referee-rights').textContent).toContain('is a referee of this run');
    show(null, true);
    expect(screen.getByLabelText(/^Join code/)).toHaveProperty('required', false);
    fireEvent.click(screen.getByRole('button', { name: 'Take part without it' }));
    await waitFor(() => expect(screen.queryByTestId('referee-rights')).toBeNull());
    expect(judgingKeyOf(RUN)).toBeNull();
    expect(screen.getByLabelText(/^Join code/)).toHaveProperty('required', true);
    expect(screen.queryByTestId('referee-key-wrong')).toBeNull();
  });

  it('offers whoever the host has put out no way back under the name that the run has for them', () => {
    const volunteers = byId(volunteerOf('v1', { name: 'Kim', removed: true }));
    const view = viewOf({ volunteers });
    render(<VolunteerForm facts={factsOf()} view={view} slot={slotWith(ada)} query={noQuery} />);
    expect(screen.getByTestId('turned-away').textContent).toMatch(
      /^The host has removed Kim .*somebody new\.$/,
    );
    expect(screen.getByTestId('start-volunteering').textContent).toBe('Start training');
    expect(screen.getByLabelText('Your name, as others see it')).not.toHaveProperty('value', 'Ada');
  });

  it('calls whoever was here by the name that the host gave them', () => {
    const volunteers = byId(volunteerOf('v1', { name: 'Kim' }));
    const view = viewOf({ volunteers });
    render(<VolunteerForm facts={factsOf()} view={view} slot={slotWith(ada)} query={noQuery} />);
    expect(screen.getByTestId('start-volunteering').textContent).toBe('Go on as Kim');
  });

  it('takes name and backend from the link', () => {
    show(null, false, new URLSearchParams('name=Grace&backend=webgpu'));
    expect(screen.getByLabelText('Your name, as others see it')).toHaveProperty('value', 'Grace');
    expect(screen.getByLabelText('Train on')).toHaveProperty('value', 'webgpu');
  });

  it('cuts a name from the link that is too long, between two characters', () => {
    show(null, false, new URLSearchParams({ name: `${'x'.repeat(39)}🚀` }));
    expect(screen.getByLabelText('Your name, as others see it')).toHaveProperty('value', 'x'.repeat(39));
  });

  it('asks for the join code only if the run has one', () => {
    show(null);
    expect(screen.queryByLabelText('Join code, from the host')).toBeNull();
    show(null, true);
    expect(screen.getByLabelText('Join code, from the host')).toHaveProperty('required', true);
  });

  it('knows who was here before, and asks them for no code', () => {
    show(ada, true);
    expect(screen.getByTestId('start-volunteering').textContent).toBe('Go on as Ada');
    expect(screen.queryByLabelText('Join code, from the host')).toBeNull();
    expect(screen.queryByLabelText('Your name, as others see it')).toBeNull();
  });

  it('lets somebody else take their place', async () => {
    show(ada);
    fireEvent.click(screen.getByRole('button', { name: 'I am someone else' }));
    expect(await screen.findByLabelText('Your name, as others see it')).toBeTruthy();
    expect(screen.getByTestId('start-volunteering').textContent).toBe('Start training');
  });

  it('says what one task may ask of this device, and keeps what its owner chooses', () => {
    localStorage.clear();
    show(null);
    expect(screen.getByLabelText('One task takes at most, in minutes')).toHaveProperty('value', '15');
    expect(screen.getByLabelText('It downloads at most, in MB')).toHaveProperty('value', '500');
    agreeToLimits({ minutes: 40, downloadMB: 9 });
    agreeToLimits({ minutes: 0, downloadMB: Number.NaN });
    expect(agreedLimits()).toEqual({ minutes: 40, downloadMB: 9 });
    localStorage.clear();
  });

  it('offers threads only where a page may share memory between them', () => {
    show(null);
    expect(screen.queryByLabelText(/^Threads/)).toBeNull();
    vi.stubGlobal('crossOriginIsolated', true);
    vi.stubGlobal('navigator', { hardwareConcurrency: 4 });
    show(null);
    const field = screen.getByLabelText(/^Threads/);
    expect([...field.querySelectorAll('option')].map(({ value }) => value)).toEqual(['1', '2', '3', '4']);
    expect(field).toHaveProperty('value', '2');
  });
});

it.each([
  ['Ada Lovelace', 'AL'],
  ['🚀 Ada', '🚀A'],
  ['👩‍👩‍👧', '👩‍👩‍👧'],
])('the initials of %s are %s', (name, initials) => {
  render(<Avatar volunteer="v1" name={name} />);
  expect(screen.getByRole('img').textContent).toBe(initials);
});

describe('what this browser does', () => {
  const sessionAt = (status: Partial<VolunteerStatus>): VolunteerSession => {
    const session = new VolunteerSession({
      ...{ client: platformClient, run: RUN, slot: slotWith(), name: 'Ada', backend: 'wasm' },
    });
    session.status.value = { ...idleVolunteer, volunteer: 'v1', ...status };
    return session;
  };
  const show = (status: Partial<VolunteerStatus>): VolunteerSession => {
    const session = sessionAt(status);
    const volunteers = byId(volunteerOf('v1', { updates: 5 }));
    render(<VolunteerWork kind="picture" session={session} view={viewOf({ volunteers })} />);
    return session;
  };
  const figure = (name: string): string | null =>
    screen.getByText(name).nextElementSibling?.textContent ?? null;

  it.each([
    ['starting', null, 'Starting'],
    ['waiting', null, 'Waiting'],
    ['training', 'student', 'Training'],
    ['training', 'evaluator', 'Testing the newest version'],
    ['failed', null, 'Stopped by an error'],
  ] as const)('is told in words: %s as %s', (activity, role, words) => {
    show({ activity, role });
    expect(screen.getByTestId('volunteer-activity').textContent).toBe(words);
  });

  it('is done once the run is over, and not stopped', () => {
    const session = sessionAt({ activity: 'stopped' });
    const { rerender } = render(<VolunteerWork kind="picture" session={session} view={viewOf()} />);
    expect(screen.getByTestId('volunteer-activity').textContent).toBe('Stopped');
    rerender(<VolunteerWork kind="picture" session={session} view={viewOf({ phase: 'finished' })} />);
    expect(screen.getByTestId('volunteer-activity').textContent).toBe('Done');
  });

  it('comes with how far the task in hand is', () => {
    show({ activity: 'training', role: 'student', progress: 0.25 });
    const bar = screen.getByRole('progressbar', { name: 'Task in hand' });
    expect(bar.getAttribute('value')).toBe('0.25');
    expect(bar.getAttribute('aria-valuetext')).toBe('25.0 %');
  });

  it('between tasks says that there is none in hand', () => {
    show({ activity: 'waiting', progress: 0.25 });
    const bar = screen.getByRole('progressbar', { name: 'Task in hand' });
    expect(bar.getAttribute('aria-valuetext')).toBe('no task in hand');
  });

  it('comes with figures, contributions as the run has counted them', () => {
    show({
      ...{ contributions: 2, loss: 0.1234, samplesPerSecond: 812.4, backend: 'wasm', threads: 2 },
      ...{ bytesUp: 1_500, bytesDown: 2_500_000 },
    });
    const names = ['Contributions', 'Loss', 'Pictures/s', 'Backend', 'Sent', 'Received'];
    expect(names.map(figure)).toEqual(['5', '0.123', '812', 'wasm, 2 threads', '1.5\u00a0kB', '2.5\u00a0MB']);
  });

  it('says why it waits, and on what it trains instead', () => {
    show({ activity: 'waiting', note: 'waiting for volunteers: 1 of 2', fallback: 'no WebGPU here' });
    expect(screen.getByTestId('volunteer-note').textContent).toBe('waiting for volunteers: 1 of 2');
    expect(screen.getByTestId('volunteer-fallback').textContent).toBe('no WebGPU here');
  });

  it('tells an error as one', () => {
    const session = show({ activity: 'failed' });
    session.error.value = 'out of memory';
    return waitFor(() => expect(screen.getByRole('alert').textContent).toBe('out of memory'));
  });

  it('is paused and resumed by one switch', async () => {
    const session = show({ activity: 'training', role: 'student' });
    fireEvent.click(screen.getByRole('button', { name: 'Pause' }));
    const resume = await screen.findByRole('button', { name: 'Resume' });
    expect(session.isPaused.value).toBe(true);
    fireEvent.click(resume);
    await screen.findByRole('button', { name: 'Pause' });
    expect(session.isPaused.value).toBe(false);
  });

  it('ends after this task when told to, once', async () => {
    show({ activity: 'training', role: 'student' });
    const finish = screen.getByTestId('finish-volunteering');
    fireEvent.click(finish);
    await screen.findByText('This is the last task. After it this browser stops.');
    expect(finish).toHaveProperty('disabled', true);
  });

  it('has no switches once it has stopped', () => {
    show({ activity: 'stopped' });
    expect(screen.queryByRole('button')).toBeNull();
  });
});

describe('the panel of this browser', () => {
  const show = (phase: 'open' | 'finished'): void =>
    void render(<VolunteerPanel facts={factsOf()} view={viewOf({ phase })} query={noQuery} />);

  it('offers the form while the run goes on', async () => {
    show('open');
    expect(await screen.findByTestId('start-volunteering')).toBeTruthy();
  });

  it('starts nothing if whoever looked has left before this tab had its place', async () => {
    const isAsked = vi.fn();
    const locks = {
      request: async (_: string, __: unknown, hold: (lock: object) => unknown) => isAsked(hold),
    };
    vi.stubGlobal('navigator', { locks });
    localStorage.setItem('homeroom:agreed-to-train', 'true');
    const { unmount } = render(<VolunteerPanel facts={factsOf()} view={viewOf()} query={asksToJoin} />);
    unmount();
    isAsked.mock.calls[0]?.[0]({});
    await new Promise(resolve => setTimeout(resolve));
    expect(currentSession.value).toBeNull();
  });

  it('of a run in the archive says that nobody trains it', () => {
    render(
      <VolunteerPanel
        facts={factsOf({ archived: true })}
        view={viewOf({ phase: 'paused' })}
        query={noQuery}
      />,
    );
    expect(screen.getByText('The run is archived: nobody trains it.')).toBeTruthy();
    expect(screen.queryByTestId('start-volunteering')).toBeNull();
  });

  it('of a finished run says that there is nothing left to train', () => {
    show('finished');
    expect(screen.getByText('The run is finished: there is nothing left to train.')).toBeTruthy();
    expect(screen.queryByTestId('start-volunteering')).toBeNull();
  });
});
