import { fireEvent, render, screen, waitFor, within } from '@testing-library/preact';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { HomePage } from '../../client/web/home/home-page.tsx';
import { loadRunPage } from '../../client/web/later-pages.ts';
import { hasAgreed } from '../../client/web/volunteering/agreement.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { refusals } from '../../shared/protocol/refusals.ts';
import { boundMs } from '../support/patience.ts';
import { stubPlatform } from './stub-platform.ts';

const listing = {
  ...{
    run: 'abc123defg',
    name: 'Digits of room 12',
    model: 'cnn',
    plan: 'layer-to-layer',
    dataset: 'glyphs',
  },
  ...{ phase: 'open', round: 3, rounds: 12, accuracy: 0.915, createdAt: 1 },
};
const finished = {
  ...{ ...listing, run: 'old456defg', name: 'Of last week', phase: 'finished', accuracy: null },
  ...{ round: 12, version: 12, finishedAt: Date.UTC(2026, 10, 21, 12) },
};

afterEach(() => vi.useRealTimers());

async function cardsOf(...runs: object[]): Promise<HTMLElement[]> {
  stubPlatform({ [paths.runs]: () => [200, { runs }] });
  render(<HomePage />);
  return screen.findAllByTestId('run-card');
}

describe('the home page', () => {
  it('lists runs with where they stand, each leading to its page', async () => {
    stubPlatform({ [paths.runs]: () => [200, { runs: [listing, finished] }] });
    render(<HomePage />);
    expect(screen.getByText('Loading…').getAttribute('aria-busy')).toBe('true');
    const [first, second] = await screen.findAllByTestId('run-card');
    const card = within(first as HTMLElement);
    expect(card.getByRole('link', { name: 'Digits of room 12' }).getAttribute('href')).toBe(
      '#/runs/abc123defg',
    );
    expect(card.getByText('open').dataset.phase).toBe('open');
    expect(first?.textContent).toContain('2 of 12 rounds');
    expect(first?.textContent).toContain('91.5 %');
    expect(card.getByRole('progressbar').getAttribute('value')).toBe('2');
    expect(
      within(second as HTMLElement)
        .getByRole('progressbar')
        .getAttribute('value'),
    ).toBe('12');
    expect(screen.queryByText('Loading…')).toBeNull();
  });

  it('without runs says how to begin', async () => {
    stubPlatform({ [paths.runs]: () => [200, { runs: [] }] });
    render(<HomePage />);
    expect(await screen.findByRole('heading', { name: 'Nothing is being trained yet' })).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Make your own run' }).getAttribute('href')).toBe('#/new');
  });

  it('says of each run when it was made or ended, and how many are there', async () => {
    const made = { createdAt: Date.UTC(2026, 10, 28, 12), here: 1 };
    const cards = await cardsOf({ ...listing, ...made }, finished, {
      ...listing,
      run: 'third12345',
      here: 0,
    });
    expect(cards.map(card => card.textContent)).toEqual([
      expect.stringContaining('made 28 Nov 2026 · 1 person here'),
      expect.stringContaining('finished 21 Nov 2026'),
      expect.stringContaining('nobody here'),
    ]);
    expect(cards[1]?.textContent).not.toContain('here');
  });

  it('names the version of an accuracy that is not of the newest, and does not call an untested run good', async () => {
    const of = (change: object) => ({ ...listing, ...change });
    const cards = await cardsOf(
      of({ run: 'run111111', version: 4, tested: { version: 2, accuracy: 0.922 } }),
      of({ run: 'run222222', version: 4, tested: { version: 4, accuracy: 0.93 } }),
      of({ run: 'run333333', version: 4, tested: null }),
      of({ run: 'run444444', version: 4, tested: null, phase: 'finished' }),
      of({ run: 'run555555', version: 4, tested: { version: 3, accuracy: 0.9 }, phase: 'finished' }),
    );
    const texts = cards.map(({ textContent }) => textContent ?? '');
    expect(texts[0]).toContain('92.2 %of version 2');
    expect(texts[1]).toContain('93.0 %');
    expect(texts[1]).not.toContain('of version');
    expect(texts[2]).toContain('not tested yet');
    expect(texts[3]).toContain('not tested');
    expect(texts[2]).not.toContain('%');
    expect(texts[4]).toContain('not testedversion 3 reached 90.0 %');
  });

  it('says of an accuracy that nobody could confirm', async () => {
    const tested = { version: 2, accuracy: 0.922 };
    const cards = await cardsOf(
      { ...listing, run: 'run111111', version: 2, tested: { ...tested, unconfirmed: true } },
      { ...listing, run: 'run222222', version: 2, tested },
    );
    expect(cards.map(({ textContent }) => /not confirmed/.test(textContent))).toEqual([true, false]);
  });

  it('shows archived runs to whoever asks for them, and marks them', async () => {
    await cardsOf(listing, { ...finished, archived: true });
    expect(screen.queryByTestId('archived')).toBeNull();
    fireEvent.click(screen.getByLabelText('Show archived runs too'));
    const badge = await screen.findByTestId('archived');
    expect(badge.closest<HTMLElement>('[data-run]')?.dataset.run).toBe('old456defg');
    expect(badge.textContent).toBe('archived');
    fireEvent.click(screen.getByLabelText('Show archived runs too'));
    await waitFor(() => expect(screen.queryByTestId('archived')).toBeNull());
  });

  it('hides archived runs, and tells apart two runs of one name', async () => {
    const twin = { ...listing, run: 'xyz7777777' };
    const cards = await cardsOf(
      listing,
      twin,
      { ...finished, archived: true },
      { ...finished, run: 'one1111111' },
    );
    expect(cards).toHaveLength(3);
    expect(screen.getAllByRole('link', { name: /Digits of room 12/ }).map(link => link.textContent)).toEqual([
      'Digits of room 12 (abc1)',
      'Digits of room 12 (xyz7)',
    ]);
    expect(screen.getByRole('link', { name: 'Of last week' })).toBeTruthy();
    expect(screen.queryByTestId('archived')).toBeNull();
    fireEvent.click(screen.getByLabelText('Show archived runs too'));
    const badge = await screen.findByTestId('archived');
    expect(badge.title).toContain('Nothing in it changes');
    expect(screen.getAllByTestId('run-card')).toHaveLength(4);
  });

  it('of many finds those whose name or id is typed', async () => {
    const many = ['alpha12345', 'beta123456', 'gamma12345', 'delta12345'];
    await cardsOf(...many.map(run => ({ ...listing, run, name: `Run ${run}` })), finished);
    const type = (value: string) =>
      fireEvent.input(screen.getByLabelText('Search by name or id'), { target: { value } });
    type('WEEK');
    expect(screen.getAllByTestId('run-card').map(card => card.dataset.run)).toEqual(['old456defg']);
    expect(screen.getByText('1 of 5 runs').role).toBe('status');
    type('gamma');
    expect(screen.getAllByTestId('run-card').map(card => card.dataset.run)).toEqual(['gamma12345']);
    type('nothing of that kind');
    expect(screen.queryByTestId('run-card')).toBeNull();
    expect(screen.getByText('No run has this in its name or id.')).toBeTruthy();
  });

  it.each([
    ['cannot be reached', {}, /nobody replies at http:\/\/localhost/],
    [
      'refuses',
      { [paths.runs]: () => [503, { error: { reason: 'busy', text: refusals.busy.text } }] as const },
      refusals.busy.text,
    ],
  ])('says so if the platform %s, and lists runs once it is back', async (_, replies, words) => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    stubPlatform(replies);
    render(<HomePage />);
    expect((await screen.findByText(words)).role).toBe('alert');
    stubPlatform({ [paths.runs]: () => [200, { runs: [listing] }] });
    vi.advanceTimersToNextTimer();
    await screen.findByTestId('run-card');
    expect(screen.queryByText(words)).toBeNull();
  });

  it('left open asks four times a minute, never while it is hidden, and at once when it is shown again', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const heard = stubPlatform({ [paths.runs]: () => [200, { runs: [listing] }] });
    render(<HomePage />);
    await screen.findByTestId('run-card');
    vi.advanceTimersByTime(60_000);
    expect(heard).toHaveLength(1 + 4);
    const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
    fireEvent(document, new Event('visibilitychange'));
    vi.advanceTimersByTime(60_000);
    expect(heard).toHaveLength(1 + 4);
    hidden.mockRestore();
    fireEvent(document, new Event('visibilitychange'));
    expect(heard).toHaveLength(1 + 4 + 1);
  });
});

describe('a run opened by hand', () => {
  const open = (text: string): void => {
    stubPlatform({});
    render(<HomePage />);
    const field = screen.getByLabelText('Open a run by its link or id');
    fireEvent.input(field, { target: { value: text } });
    fireEvent.click(screen.getByRole('button', { name: 'Open' }));
  };

  it.each(['abc123defg', ' http://10.0.0.7:8787/#/runs/abc123defg?join=1 '])('is found by %j', text => {
    open(text);
    expect(location.hash).toBe('#/runs/abc123defg');
  });

  it('that is none is told at the field', async () => {
    open('my run');
    const field = screen.getByLabelText('Open a run by its link or id');
    await waitFor(() => expect(field.getAttribute('aria-invalid')).toBe('true'));
    expect(screen.getByText('This is neither a link to a run nor the id of a run.').id).toBe(
      field.getAttribute('aria-describedby'),
    );
    expect(location.hash).toBe('');
  });
});

describe('the start in one click', () => {
  const start = (): void => {
    render(<HomePage />);
    fireEvent.click(screen.getByRole('button', { name: 'Train digits with me' }));
  };

  it('says that it is under way, agrees to train in this browser, and can be tried again if it fails', async () => {
    stubPlatform({ [paths.runs]: () => [200, { runs: [] }] });
    start();
    expect(hasAgreed()).toBe(true);
    const button = screen.getByRole('button', { name: 'Train digits with me' });
    await waitFor(() => expect(button.getAttribute('aria-busy')).toBe('true'));
    expect(screen.getByText('Starting…').role).toBe('status');
    // There are no threads here, so no network is built.
    const told = await screen.findByText(
      /so open the page in a tab of its own/,
      {},
      { timeout: boundMs(2_000) },
    );
    expect(told.role).toBe('alert');
    expect(button.getAttribute('aria-busy')).toBe('false');
    // What the click has begun to load must not outlive the test.
    await loadRunPage();
  });
});
