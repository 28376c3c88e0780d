import { fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { beforeEach, expect, it } from 'vitest';
import { HomePage } from '../../client/web/home/home-page.tsx';
import { StoragePanel } from '../../client/web/home/storage-panel.tsx';
import { keepDeploymentKey } from '../../client/web/state/deployment-key.ts';
import type { StorageUsage } from '../../shared/protocol/storage-usage.ts';
import { stubPlatform } from './stub-platform.ts';

const usage: StorageUsage = {
  ...{ countedAt: Date.UTC(2026, 10, 28), isCounting: false, bytes: 3_000_000, objects: 12 },
  owners: [
    { run: 'abcdefgh', name: 'digits', kind: 'shards', bytes: 2_000_000, objects: 8 },
    { kind: 'orphans', bytes: 1_000_000, objects: 4 },
  ],
};

beforeEach(() => keepDeploymentKey('owner-key'));

it('tells the owner who has how much, and counts again at a press', async () => {
  const heard = stubPlatform({
    '/api/owner/storage': ({ method }) => [200, method === 'GET' ? usage : {}],
  });
  render(<StoragePanel />);
  const run = await screen.findByRole('link', { name: 'digits' });
  expect(run.getAttribute('href')).toBe('#/runs/abcdefgh');
  expect(screen.getByText(/nobody’s/).closest('tr')?.textContent).toContain('within two days');
  fireEvent.click(screen.getByRole('button', { name: 'Count again' }));
  await waitFor(() => expect(heard.some(({ method }) => method === 'POST')).toBe(true));
  expect(heard.every(({ key }) => key === 'Bearer owner-key')).toBe(true);
});

it('says why nothing is shown if the key is another', async () => {
  const error = { reason: 'forbidden', text: 'this key does not allow it' };
  stubPlatform({ '/api/owner/storage': () => [403, { error }] });
  render(<StoragePanel />);
  expect((await screen.findByRole('alert')).textContent).toContain('this key does not allow it');
});

it('stands on the first page only in a browser that keeps the deployment key', async () => {
  stubPlatform({ '/api/runs': () => [200, { runs: [] }], '/api/owner/storage': () => [200, usage] });
  const { unmount } = render(<HomePage />);
  expect(await screen.findByRole('heading', { name: 'What is stored' })).toBeTruthy();
  unmount();
  localStorage.clear();
  render(<HomePage />);
  await screen.findByText('Nothing is being trained yet');
  expect(screen.queryByRole('heading', { name: 'What is stored' })).toBeNull();
});
