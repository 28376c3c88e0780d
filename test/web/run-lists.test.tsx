import { fireEvent, render, screen, waitFor, within } from '@testing-library/preact';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { idleVolunteer } from '../../client/volunteer/volunteer-status.ts';
import { ActivityFeed } from '../../client/web/run/activity-feed.tsx';
import { RefusalList } from '../../client/web/run/refusal-list.tsx';
import { VolunteerTable } from '../../client/web/run/volunteer-table.tsx';
import { forgetHostKey, keepHostKey } from '../../client/web/state/host-keys.ts';
import { platformClient } from '../../client/web/state/platform-client.ts';
import { currentSession } from '../../client/web/volunteering/current-session.ts';
import { VolunteerSession } from '../../client/web/volunteering/volunteer-session.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { refusals } from '../../shared/protocol/refusals.ts';
import { byId, RUN, viewOf, volunteerOf } from './some-run.ts';
import { stubPlatform } from './stub-platform.ts';

const nameOf = (id: string | null): string => `volunteer ${id}`;

describe('the list of refusals', () => {
  const refusal = (seq: number, detail?: string) => ({
    ...({ seq, at: 0, volunteer: 'v1', role: 'student', reason: 'not-finite' } as const),
    ...(detail === undefined ? {} : { detail }),
  });

  it('counts, and says from whom, why and what exactly', () => {
    const view = viewOf({ refused: 1_200, accepted: 34_000, refusals: [refusal(9, 'conv1/kernel')] });
    render(<RefusalList view={view} nameOf={nameOf} />);
    expect(screen.getByTestId('refused').textContent).toBe('1,200');
    expect(screen.getByTestId('accepted').textContent).toBe('34,000');
    expect(screen.getByRole('listitem').textContent).toContain(
      `volunteer v1: ${refusals['not-finite'].text} (conv1/kernel)`,
    );
  });

  it('shows a few of many', () => {
    const view = viewOf({ refused: 20, refusals: Array.from({ length: 20 }, (_, i) => refusal(i)) });
    render(<RefusalList view={view} nameOf={nameOf} />);
    expect(screen.getAllByRole('listitem')).toHaveLength(6);
  });

  it('hides an empty list, also from screen readers', () => {
    render(<RefusalList view={viewOf()} nameOf={nameOf} />);
    expect(screen.queryByRole('list')).toBeNull();
  });
});

describe('the feed', () => {
  it('has the newest event first, and no more than fit', () => {
    const events = Array.from({ length: 20 }, (_, seq) => ({
      ...{
        seq,
        at: 0,
        event: { type: 'version-evaluated', version: seq, accuracy: 0.5, loss: 1, examples: 9 } as const,
      },
    }));
    render(<ActivityFeed events={events} nameOf={nameOf} />);
    const items = screen.getAllByRole('listitem');
    expect(items).toHaveLength(12);
    expect(items[0]?.textContent).toContain('Version 19 reaches 50.0 %');
  });

  it('tells once, and not at each round, that a simpler rule counts', () => {
    const published = (version: number, rule?: 'clipped-mean' | 'geometric-median') => ({
      ...{ seq: version, at: 0 },
      event: {
        ...({ type: 'version-published', version, round: version, updates: { whole: 1 } } as const),
        ...{ segments: {}, aggregation: { whole: rule ? { fallback: rule } : {} } },
      },
    });
    const rules = ['clipped-mean', 'clipped-mean', 'geometric-median', undefined, 'clipped-mean'] as const;
    render(<ActivityFeed events={rules.map((rule, i) => published(i + 1, rule))} nameOf={nameOf} />);
    const told = screen.getAllByRole('listitem').map(item => /a simpler rule/.test(item.textContent));
    expect(told.reverse()).toEqual([true, false, true, false, true]);
  });

  it('says once what several events in a row say, and how often', () => {
    const tested = (seq: number, volunteer: string) =>
      ({
        ...{ seq, at: 0 },
        event: { type: 'volunteer-removed', volunteer },
      }) as const;
    const events = ['a', ...Array.from({ length: 30 }, () => 'b'), 'a', 'c'].map((id, seq) =>
      tested(seq, id),
    );
    render(<ActivityFeed events={events} nameOf={nameOf} />);
    expect(
      screen.getAllByRole('listitem').map(item => item.querySelector('time + span')?.textContent),
    ).toEqual([
      'The host removed volunteer c',
      'The host removed volunteer a',
      'The host removed volunteer b (30 times)',
      'The host removed volunteer a',
    ]);
  });

  it('says that nothing has happened yet', () => {
    render(<ActivityFeed events={[]} nameOf={nameOf} />);
    expect(screen.getByText('Nothing has happened yet.')).toBeTruthy();
  });
});

describe('the table of volunteers', () => {
  afterEach(() => {
    currentSession.value = null;
  });

  const rows = (): string[] => screen.getAllByTestId('volunteer-row').map(row => row.dataset.volunteer ?? '');

  it('has those at work first, then those who gave most', () => {
    const some = [
      volunteerOf('idle', { updates: 3 }),
      volunteerOf('idle-but-busy-before', { updates: 9 }),
      volunteerOf('at-work', { role: 'student' }),
    ];
    render(
      <VolunteerTable
        kind="picture"
        run={RUN}
        policy={{ cohorts: 'auto' }}
        view={viewOf({ volunteers: byId(...some) })}
      />,
    );
    expect(rows()).toEqual(['at-work', 'idle-but-busy-before', 'idle']);
  });

  it('has this tab’s own volunteer before all, and says so', () => {
    const slot = { read: () => null, write: () => {} };
    const session = new VolunteerSession({
      client: platformClient,
      run: RUN,
      slot,
      name: 'me',
      backend: 'wasm',
    });
    session.status.value = { ...idleVolunteer, volunteer: 'me' };
    currentSession.value = session;
    const some = [
      volunteerOf('at-work', { role: 'student', updates: 9 }),
      volunteerOf('me', { name: 'Ada' }),
    ];
    render(
      <VolunteerTable
        kind="picture"
        run={RUN}
        policy={{ cohorts: 'auto' }}
        view={viewOf({ volunteers: byId(...some) })}
      />,
    );
    expect(rows()).toEqual(['me', 'at-work']);
    const [mine] = screen.getAllByTestId('volunteer-row');
    expect(mine?.dataset.you).toBe('true');
    expect(within(mine as HTMLElement).getByText('you')).toBeTruthy();
  });

  it('says of each what it does, on what, how fast and how well', () => {
    const one = volunteerOf('v1', {
      ...{ name: 'Grace Hopper', role: 'teacher', backend: 'webgpu' },
      referee: true,
    });
    const other = { ...one, samplesPerSecond: 812.4, updates: 7, refused: 2 };
    render(
      <VolunteerTable
        kind="picture"
        run={RUN}
        policy={{ cohorts: 'auto' }}
        view={viewOf({ volunteers: byId(other) })}
      />,
    );
    const cells = screen.getAllByRole('cell').map(cell => cell.textContent);
    expect(cells).toEqual(['teacher', 'webgpu', 'trusted', '812', '7', '2']);
    expect(screen.getByRole('rowheader').textContent).toBe('GHGrace Hopperreferee');
  });

  it('lets the host alone remove somebody, who is asked twice and then shown as removed', async () => {
    const volunteers = byId(
      volunteerOf('v1', { name: 'Eve' }),
      volunteerOf('v2', { name: 'Bob', removed: true }),
    );
    const table = () => (
      <VolunteerTable kind="picture" run={RUN} policy={{ cohorts: 'auto' }} view={viewOf({ volunteers })} />
    );
    const { unmount } = render(table());
    expect(screen.queryByRole('button')).toBeNull();
    expect(screen.getByText('removed')).toBeTruthy();
    unmount();
    keepHostKey(RUN, 'k'.repeat(64));
    const heard = stubPlatform({ [paths.volunteer(RUN, 'v1')]: () => [200, true] });
    render(table());
    fireEvent.click(screen.getByRole('button', { name: 'Remove Eve…' }));
    expect(heard).toEqual([]);
    fireEvent.click(await screen.findByRole('button', { name: 'Remove Eve for good' }));
    await waitFor(() =>
      expect(heard).toEqual([
        { path: paths.volunteer(RUN, 'v1'), method: 'DELETE', key: `Bearer ${'k'.repeat(64)}`, body: null },
      ]),
    );
    forgetHostKey(RUN);
  });

  it('lets the host try again if the platform refused to remove somebody', async () => {
    keepHostKey(RUN, 'k'.repeat(64));
    let status = 403;
    const heard = stubPlatform({
      [paths.volunteer(RUN, 'v1')]: () =>
        status === 403 ? [403, { error: { reason: 'forbidden', text: 'not yours' } }] : [200, true],
    });
    const volunteers = byId(volunteerOf('v1', { name: 'Eve' }));
    render(
      <VolunteerTable kind="picture" run={RUN} policy={{ cohorts: 'auto' }} view={viewOf({ volunteers })} />,
    );
    fireEvent.click(screen.getByRole('button', { name: 'Remove Eve…' }));
    fireEvent.click(await screen.findByRole('button', { name: 'Remove Eve for good' }));
    expect((await screen.findByRole('alert')).textContent).toContain('not yours');
    status = 200;
    fireEvent.click(screen.getByRole('button', { name: 'Remove Eve for good' }));
    await waitFor(() => expect(heard).toHaveLength(2));
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
    forgetHostKey(RUN);
  });

  /** Those of a crowd of a thousand whom a view lists. */
  const crowd = () => ({
    joined: 1_040,
    volunteers: byId(...Array.from({ length: 60 }, (_, i) => volunteerOf(`v${i}`, { name: `Number ${i}.` }))),
  });

  it('has some of a long list, until somebody wants all or looks for a name', () => {
    render(<VolunteerTable kind="picture" run={RUN} policy={{ cohorts: 'auto' }} view={viewOf(crowd())} />);
    expect(rows()).toHaveLength(30);
    fireEvent.click(screen.getByRole('button', { name: 'Show all 60 of the list' }));
    expect(rows()).toHaveLength(60);
    const search = screen.getByRole('searchbox', { name: 'Search a name' });
    fireEvent.input(search, { target: { value: ' number 59 ' } });
    expect(rows()).toEqual(['v59']);
    fireEvent.input(search, { target: { value: 'nobody' } });
    expect(screen.getByRole('status').textContent).toBe('Nobody in this list is called “nobody”.');
  });

  it('never says of somebody that it waits, but when it was seen last', () => {
    vi.useFakeTimers({ now: new Date(2026, 10, 28, 14, 30) });
    const seenAt = new Date(2026, 10, 28, 14, 3).getTime();
    const some = [
      volunteerOf('v1', { seenAt, updates: 1 }),
      volunteerOf('v2', { seenAt: Date.now() - 5_000 }),
    ];
    const { rerender } = render(
      <VolunteerTable
        kind="picture"
        run={RUN}
        policy={{ cohorts: 1 }}
        view={viewOf({ volunteers: byId(...some) })}
      />,
    );
    const doing = (): (string | null)[] =>
      screen.getAllByTestId('volunteer-row').map(row => row.children[1]?.textContent ?? null);
    expect(doing()).toEqual(['here, no task', 'last seen 14:03']);
    expect(screen.getByTestId('presence').textContent).toBe('1 here, 0 at work, 1 left');
    const over = viewOf({ phase: 'finished', finishedAt: Date.now(), volunteers: byId(...some) });
    rerender(<VolunteerTable kind="picture" run={RUN} policy={{ cohorts: 1 }} view={over} />);
    expect(doing()).toEqual(['last seen 14:03', 'last seen 14:29']);
    vi.useRealTimers();
  });

  it('of a run in the archive offers its host nothing to change', () => {
    keepHostKey(RUN, 'k'.repeat(64));
    const view = viewOf({ phase: 'paused', volunteers: byId(volunteerOf('v1')) });
    const { rerender } = render(
      <VolunteerTable kind="picture" run={RUN} policy={{ cohorts: 1 }} view={view} />,
    );
    expect(screen.getByRole('columnheader', { name: 'Host' })).toBeTruthy();
    rerender(<VolunteerTable kind="picture" run={RUN} policy={{ cohorts: 1 }} view={view} isArchived />);
    expect(screen.queryByRole('columnheader', { name: 'Host' })).toBeNull();
    expect(screen.queryByRole('button', { name: /Rename/ })).toBeNull();
    forgetHostKey(RUN);
  });

  it('says when somebody left, and how many are here of a crowd, if the platform knows', () => {
    const leftAt = new Date();
    leftAt.setHours(14, 3);
    const some = [volunteerOf('v1', { role: 'student' }), volunteerOf('v2'), volunteerOf('v3')];
    const view = viewOf({
      volunteers: byId(...some),
      joined: 900,
      here: 700,
      away: { v3: leftAt.getTime() },
    });
    render(<VolunteerTable kind="picture" run={RUN} policy={{ cohorts: 1 }} view={view} />);
    expect(screen.getAllByTestId('volunteer-row').map(row => row.children[1]?.textContent)).toEqual([
      'student',
      'here, no task',
      'left 14:03',
    ]);
    expect(screen.getByTestId('presence').textContent).toBe('700 here, 1 at work, 200 left');
  });

  it('tells a crowd by its number', () => {
    render(<VolunteerTable kind="picture" run={RUN} policy={{ cohorts: 'auto' }} view={viewOf(crowd())} />);
    expect(screen.getByText('and 980 more volunteers')).toBeTruthy();
    expect(screen.getByTestId('cohorts').textContent).toContain('They are split into 3 cohorts');
  });

  it('invites this browser to be the first', () => {
    render(<VolunteerTable kind="picture" run={RUN} policy={{ cohorts: 'auto' }} view={viewOf()} />);
    expect(screen.getByText('Nobody has joined yet. This browser could be the first.')).toBeTruthy();
    expect(screen.queryByTestId('cohorts')).toBeNull();
  });
});
