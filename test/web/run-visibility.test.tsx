import { fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { expect, it } from 'vitest';
import { HomePage } from '../../client/web/home/home-page.tsx';
import { HostControls } from '../../client/web/host/host-controls.tsx';
import { keepHostKey } from '../../client/web/state/host-keys.ts';
import { knownRuns } from '../../client/web/state/known-runs.ts';
import { slotKey } from '../../client/web/volunteering/volunteer-slots.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { KEY } from './host-kit.tsx';
import { placeholderOf, show } from './new-run-kit.tsx';
import { factsOf, RUN, viewOf } from './some-run.ts';
import { stubPlatform } from './stub-platform.ts';

const listing = {
  ...{ run: RUN, name: 'Mine', model: 'cnn', plan: 'layer-to-layer', dataset: 'glyphs' },
  ...{ phase: 'open', round: 1, rounds: 20, accuracy: null, createdAt: 1 },
};

it('the home page asks for the runs that this browser hosts or takes part in, and marks what others do not find', async () => {
  keepHostKey(RUN, KEY);
  localStorage.setItem(slotKey('joined1234', 0), '{}');
  localStorage.setItem(slotKey('joined1234', 1), '{}');
  localStorage.setItem('homeroom:other', '{}');
  const heard = stubPlatform({ [paths.runs]: () => [200, { runs: [{ ...listing, unlisted: true }] }] });
  render(<HomePage />);
  expect((await screen.findByTestId('run-card')).textContent).toContain('only with its link');
  expect(heard[0]?.query).toBe(`?known=${RUN},joined1234`);
  expect(screen.getByText(/Here are the runs that their hosts show to everybody/)).toBeTruthy();
});

it('a browser that knows no run asks for the public ones', async () => {
  expect(knownRuns()).toEqual([]);
  const heard = stubPlatform({ [paths.runs]: () => [200, { runs: [listing] }] });
  render(<HomePage />);
  expect((await screen.findByTestId('run-card')).textContent).not.toContain('only with its link');
  expect(heard[0]?.query).toBeUndefined();
});

it('the host reads who finds the run, and changes it', async () => {
  keepHostKey(RUN, KEY);
  const heard = stubPlatform({
    [paths.host(RUN)]: () => [
      200,
      { caller: 'host', joinCode: null, archived: false, visibility: 'unlisted' },
    ],
    [paths.visibility(RUN)]: () => [200, true],
  });
  render(<HostControls facts={factsOf()} view={viewOf({ phase: 'open' })} />);
  fireEvent.click(screen.getByText('List, archive or delete'));
  fireEvent.click(await screen.findByRole('button', { name: 'Show it in the list to everybody' }));
  await screen.findByRole('button', { name: 'Take it out of the list' });
  expect(screen.getByText('Everybody finds this run in the list on the first page.')).toBeTruthy();
  expect(heard.find(({ path }) => path === paths.visibility(RUN))).toMatchObject({
    ...{ method: 'POST', key: `Bearer ${KEY}`, body: { visibility: 'public' } },
  });
});

it('a platform of an older release has no such choice', async () => {
  keepHostKey(RUN, KEY);
  const heard = stubPlatform({
    [paths.host(RUN)]: () => [200, { caller: 'host', joinCode: null, archived: false }],
  });
  render(<HostControls facts={factsOf()} view={viewOf({ phase: 'open' })} />);
  fireEvent.click(screen.getByText('List, archive or delete'));
  await waitFor(() => expect(heard).toHaveLength(1));
  expect(screen.queryByTestId('host-visibility')).toBeNull();
});

it.each([
  ['closed', ['only you and those who have its link', 'everybody, on the first page']],
  ['open', ['everybody, on the first page', 'only you and those who have its link']],
])('the form begins with what is usual where creation is %s', async (creation, texts) => {
  show([], { [paths.owner]: () => [200, { creation, isOwned: true, hasClaim: false }] });
  const field = screen.getByLabelText<HTMLSelectElement>('Who finds the run in the list');
  await waitFor(() => expect([...field.options].map(({ text }) => text)).toEqual(texts));
  expect(placeholderOf('Name')).not.toBe('');
});
