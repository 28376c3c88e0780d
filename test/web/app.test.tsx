import { fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { beforeEach, describe, expect, it } from 'vitest';
import { idleVolunteer } from '../../client/volunteer/volunteer-status.ts';
import { App } from '../../client/web/app.tsx';
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

beforeEach(() => {
  stubPlatform({
    [paths.runs]: () => [200, { runs: [] }],
    [paths.datasets]: () => [200, { datasets: [] }],
  });
});

describe('the app', () => {
  it.each([
    ['#/', 'Runs'],
    ['#/new', 'New run'],
    ['#/check', 'What you can check yourself'],
    ['#/trust', 'Whom you trust'],
  ])('shows at %s the page %j, and the tab says so', async (hash, title) => {
    show(hash);
    expect((await screen.findByRole('heading', { level: 1 })).textContent).toBe(title);
    await waitFor(() => expect(document.title).toBe(`${title} · Homeroom`));
  });

  it('at an address that there is not leads back to the runs', () => {
    show('#/elsewhere');
    expect(screen.getByText(/There is no such page/)).toBeTruthy();
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

  it('says on every page that this tab trains, and where', () => {
    const slot = { read: () => null, write: () => {} };
    const session = new VolunteerSession({
      client: platformClient,
      run: RUN,
      slot,
      name: 'Ada',
      backend: 'wasm',
    });
    session.status.value = { ...idleVolunteer, activity: 'training' };
    currentSession.value = session;
    show('#/new');
    expect(screen.getByRole('link', { name: 'Training' }).getAttribute('href')).toBe(`#/runs/${RUN}`);
    currentSession.value = null;
  });
});
