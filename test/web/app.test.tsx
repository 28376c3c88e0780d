import { fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { idleVolunteer, type VolunteerStatus } from '../../client/volunteer/volunteer-status.ts';
import { App } from '../../client/web/app.tsx';
import { loadNewRunPage, loadProsePage, loadRunPage } from '../../client/web/later-pages.ts';
import { platformClient } from '../../client/web/state/platform-client.ts';
import { parseRoute, route } from '../../client/web/state/router.ts';
import { currentSession } from '../../client/web/volunteering/current-session.ts';
import { VolunteerSession } from '../../client/web/volunteering/volunteer-session.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { RUN } from './some-run.ts';
import { stubPlatform } from './stub-platform.ts';

const show = (hash: string): void => {
  route.value = parseRoute(hash);
  render(<App />);
};

/** Pages that come later are loaded beforehand: a busy machine takes seconds for that. */
beforeAll(async () => {
  await Promise.all([loadRunPage(), loadNewRunPage(), loadProsePage()]);
});

beforeEach(() => {
  stubPlatform({
    [paths.runs]: () => [200, { runs: [] }],
    [paths.datasets]: () => [200, { datasets: [] }],
  });
});

describe('the app', () => {
  it.each([
    ['#/', 'One neural network, trained by everyone’s browsers together', 'Train together'],
    ['#/new', 'New run', 'New run'],
    ['#/about', 'About Homeroom', 'About Homeroom'],
    ['#/how', 'How it works', 'How it works'],
    ['#/privacy', 'Privacy', 'Privacy'],
    ['#/check', 'What you can check yourself', 'What you can check yourself'],
    ['#/trust', 'Whom you trust', 'Whom you trust'],
    ['#/elsewhere', 'There is no such page', 'There is no such page'],
  ])('shows at %s the page %j, and the tab says so', async (hash, heading, title) => {
    show(hash);
    expect((await screen.findByRole('heading', { level: 1 })).textContent).toBe(heading);
    await waitFor(() => expect(document.title).toBe(`${title} · Homeroom`));
  });

  it('at an address that there is not leads back to the runs', () => {
    show('#/elsewhere');
    expect(screen.getByRole('link', { name: 'All runs' }).getAttribute('href')).toBe('#/');
  });

  it('leads from every page to what people can check', () => {
    show('#/new');
    const link = screen.getByRole('link', { name: 'What you can check yourself' });
    expect(link.getAttribute('href')).toBe('#/check');
    expect(screen.getByRole('link', { name: 'Whom you trust' }).getAttribute('href')).toBe('#/trust');
  });

  it('says why a run cannot be shown', async () => {
    show('#/runs/abc123defg');
    expect(screen.getByText('Loading the page…')).toBeTruthy();
    expect((await screen.findByRole('alert')).textContent).toContain('nobody replies');
  });

  it('is to be loaded again if the platform has become another version', async () => {
    stubPlatform({ [paths.run(RUN)]: () => [200, { spec: 'of tomorrow' }] });
    show(`#/runs/${RUN}`);
    expect((await screen.findByRole('alert')).textContent).toContain(
      'speaks another version: reload the page',
    );
  });

  it('takes a keyboard past its head to the content', () => {
    show('#/');
    fireEvent.click(screen.getByRole('button', { name: 'Skip to the content' }));
    expect(document.activeElement).toBe(screen.getByRole('main'));
  });

  it('shows in its head and foot where one is', async () => {
    show('#/privacy');
    const here = screen.getAllByRole('link').filter(link => link.getAttribute('aria-current') === 'page');
    expect(here.map(({ textContent }) => textContent)).toEqual(['Privacy']);
  });

  it('moves the focus to the heading of a page that one goes to, also if that comes later', async () => {
    show('#/');
    const before = document.activeElement;
    expect(before).toBe(document.body);
    route.value = parseRoute('#/about');
    await waitFor(() => expect(document.activeElement?.textContent).toBe('About Homeroom'));
    route.value = parseRoute('#/how');
    await waitFor(() => expect(document.activeElement?.textContent).toBe('How it works'));
    expect(document.activeElement?.tagName).toBe('H1');
  });
});

describe('the link to what this tab does', () => {
  const training: Partial<VolunteerStatus> = { activity: 'training' };
  const showWith = (status: Partial<VolunteerStatus>, isPaused = false): HTMLElement => {
    const slot = { read: () => null, write: () => {} };
    const session = new VolunteerSession({
      ...{ client: platformClient, run: RUN, slot, name: 'Ada', backend: 'wasm' },
    });
    session.status.value = { ...idleVolunteer, ...status };
    if (isPaused) session.pause();
    currentSession.value = session;
    show('#/new');
    return screen.getByRole('link', { name: /^This tab/ });
  };
  afterEach(() => {
    currentSession.value = null;
    vi.restoreAllMocks();
  });

  it.each([
    ['Training', training, false, true],
    ['Training', { activity: 'uploading' } as const, false, true],
    ['Waiting', { activity: 'waiting', note: 'the run is paused' } as const, false, true],
    ['Waiting', { activity: 'starting' } as const, false, true],
    ['Paused', training, true, true],
    ['Offline', training, false, false],
    ['Offline', { activity: 'training', unsent: 'an update waits' } as const, false, true],
  ])('says %s of %j', (word, status, isPaused, isOnline) => {
    vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(isOnline);
    const link = showWith(status, isPaused);
    expect(link.textContent).toBe(word);
    expect(link.getAttribute('href')).toBe(`#/runs/${RUN}`);
  });

  it('hears that the network has gone', async () => {
    const link = showWith(training);
    vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
    dispatchEvent(new Event('offline'));
    await waitFor(() => expect(link.textContent).toBe('Offline'));
  });
});
