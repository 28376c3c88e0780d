import { screen } from '@testing-library/preact';
import { beforeEach, describe, expect, it } from 'vitest';
import { newRunHref, parseRoute, route } from '../../client/web/state/router.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { chooseShapes, digits, show as showData } from './data-kit.tsx';
import { fashion, show as showNewRun } from './new-run-kit.tsx';

beforeEach(() => {
  route.value = parseRoute(newRunHref);
});

/** As a platform says it that has R2, one that has none, and one of a later release. */
const replyWith = (storage: string | undefined) => ({
  [paths.datasets]: () => [200, { datasets: [fashion], ...(storage && { storage }) }] as const,
});

describe('whoever creates a run', () => {
  it('is told what limits a platform without R2', async () => {
    showNewRun([], replyWith('objects'));
    const text = (await screen.findByTestId('storage-note')).textContent?.replaceAll('\u00a0', ' ');
    expect(text).toContain(
      'these hold 5 GB in all, and take 100,000 rows a day: about 25 GB that come and go',
    );
  });

  it.each([undefined, 'tape'])('is told nothing of a platform that says it has %s', async storage => {
    showNewRun([], replyWith(storage));
    await screen.findByText(/^fashion-mnist: /);
    expect(screen.queryByTestId('storage-note')).toBeNull();
  });
});

describe('whoever brings data', () => {
  it('is told what limits a platform without R2', async () => {
    showData({ datasets: [digits], storage: 'objects' });
    await chooseShapes();
    expect((await screen.findByTestId('storage-note')).textContent).toContain('no R2');
  });

  it('is told nothing of any other', async () => {
    showData({ datasets: [digits] });
    await chooseShapes();
    await screen.findByText('my digits');
    expect(screen.queryByTestId('storage-note')).toBeNull();
  });
});
