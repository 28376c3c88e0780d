import { fireEvent, render, screen, waitFor, within } from '@testing-library/preact';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { HomePage } from '../../client/web/home/home-page.tsx';
import { paths } from '../../shared/protocol/paths.ts';
import { refusals } from '../../shared/protocol/refusals.ts';
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
const finished = { ...listing, run: 'old456defg', name: 'Of last week', phase: 'finished', accuracy: null };

afterEach(() => vi.useRealTimers());

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
    expect(first?.textContent).toContain('Round 3 of 12');
    expect(first?.textContent).toContain('91.5 %');
    expect(card.getByRole('progressbar').getAttribute('value')).toBe('2');
    expect(
      within(second as HTMLElement)
        .getByRole('progressbar')
        .getAttribute('value'),
    ).toBe('12');
    expect(screen.queryByText('Loading…')).toBeNull();
  });

  it('without runs invites to create the first', async () => {
    stubPlatform({ [paths.runs]: () => [200, { runs: [] }] });
    render(<HomePage />);
    const link = await screen.findByRole('link', { name: 'Create the first run' });
    expect(link.getAttribute('href')).toBe('#/new');
  });

  it.each([
    ['cannot be reached', {}, /nobody replies at .*\/api\/runs/],
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
