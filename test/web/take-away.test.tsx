import { fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { afterEach, expect, it, vi } from 'vitest';
import { TakeAway } from '../../client/web/try/download/take-away.tsx';
import { WayHome } from '../../client/web/try/way-home.tsx';
import { paths } from '../../shared/protocol/paths.ts';
import { factsOf, RUN, roundOf, viewOf } from './some-run.ts';
import { stubPlatform } from './stub-platform.ts';

afterEach(() => vi.unstubAllGlobals());

it('the versions that can be taken away say how good they are, and which is the best and the newest', async () => {
  stubPlatform({ [paths.versions(RUN)]: () => [200, { versions: [0, 2, 3, 4] }] });
  const view = viewOf({
    version: 4,
    untrained: { version: 0, accuracy: 0.099, at: 1 },
    best: { version: 2, accuracy: 0.922, at: 2 },
    rounds: [roundOf(3, { accuracy: 0.91 }), roundOf(4)],
  });
  render(<TakeAway facts={factsOf()} view={view} />);
  await screen.findByRole('option', { name: '3, 91.0 %' });
  expect(screen.getAllByRole('option').map(({ textContent }) => textContent)).toEqual([
    '4, the newest',
    '3, 91.0 %',
    '2, 92.2 %, the best so far',
    '0, 9.9 %',
  ]);
});

const offered = (): string[] => screen.getAllByRole('option').map(option => option.textContent ?? '');

it('asks once which versions can be had, though a new one comes out each round, and again if somebody chooses', async () => {
  const heard = stubPlatform({ [paths.versions(RUN)]: () => [200, { versions: [0, 1, 2] }] });
  const { rerender } = render(<TakeAway facts={factsOf()} view={viewOf({ version: 2 })} />);
  await waitFor(() => expect(offered()).toHaveLength(3));
  for (const version of [3, 4, 5]) rerender(<TakeAway facts={factsOf()} view={viewOf({ version })} />);
  await waitFor(() => expect(offered()).toHaveLength(6));
  expect(offered().map(text => /\d+/.exec(text)?.[0])).toEqual(['5', '4', '3', '2', '1', '0']);
  expect(heard).toHaveLength(1);
  // The platform keeps the latest only.
  stubPlatform({ [paths.versions(RUN)]: () => [200, { versions: [4, 5] }] });
  fireEvent.focus(screen.getByRole('combobox'));
  await waitFor(() => expect(offered()).toHaveLength(2));
});

it('offers the newest version alone if the platform does not say which are kept', async () => {
  stubPlatform({});
  const { rerender } = render(<TakeAway facts={factsOf()} view={viewOf({ version: 2 })} />);
  rerender(<TakeAway facts={factsOf()} view={viewOf({ version: 3 })} />);
  expect((await screen.findByTestId('download-zip')).textContent).toContain('3');
  expect(screen.queryByRole('combobox')).toBeNull();
  stubPlatform({ [paths.versions(RUN)]: () => [200, { versions: [3, 4] }] });
  rerender(<TakeAway facts={factsOf()} view={viewOf({ version: 4 })} />);
  await waitFor(() => expect(offered()).toHaveLength(2));
});

const linksOf = (): (string | null)[] =>
  screen.queryAllByRole('link').map(link => `${link.getAttribute('href')} ${link.textContent}`);

it('the page on which a network is tried leads to its run and home if it stands alone', () => {
  render(<WayHome run={RUN} />);
  expect(linksOf()).toEqual([`/#/runs/${RUN} See how it is trained, or help`, '/ Homeroom: all runs']);
});

it('in a frame of another site it leads to its run only, in a tab of its own', () => {
  vi.stubGlobal('parent', {});
  render(<WayHome run={RUN} />);
  expect(linksOf()).toEqual([`/#/runs/${RUN} See how it is trained, or help`]);
  expect(screen.getByRole('link').getAttribute('target')).toBe('_blank');
});
