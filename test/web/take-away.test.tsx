import { render, screen } from '@testing-library/preact';
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
