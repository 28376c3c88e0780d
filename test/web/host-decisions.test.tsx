import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/preact';
import { describe, expect, it } from 'vitest';
import { HostControls } from '../../client/web/host/host-controls.tsx';
import { hostKeyOf, keepHostKey } from '../../client/web/state/host-keys.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { refusals } from '../../shared/protocol/refusals.ts';
import type { RunView } from '../../shared/protocol/run-view.ts';
import { click, KEY, showHost } from './host-kit.tsx';
import { factsOf, RUN, roundOf, viewOf } from './some-run.ts';
import { type HeardCall, type Replies, stubPlatform } from './stub-platform.ts';

describe('the way back to an older version', () => {
  /** A run whose third version is bad, and what its platform hears. */
  const showBadRun = (change: Partial<RunView> = {}): HeardCall[] => {
    keepHostKey(RUN, KEY);
    const heard = stubPlatform({
      [paths.versions(RUN)]: () => [200, { versions: [0, 2, 3] }],
      [paths.takeBack(RUN)]: () => [200, true],
    });
    const rounds = [
      roundOf(1),
      roundOf(2, { accuracy: 0.8, unconfirmed: true }),
      roundOf(3, { accuracy: 0.1 }),
    ];
    render(<HostControls facts={factsOf()} view={viewOf({ version: 3, rounds, ...change })} />);
    return heard;
  };

  it('shows the older versions that are kept, and asks before it returns to one', async () => {
    const heard = showBadRun();
    click('Return to an older version…');
    const options = within(await screen.findByLabelText('Return to')).getAllByRole('option');
    expect(options.map(({ textContent }) => textContent)).toEqual([
      'version 2: 80.0 %, not confirmed',
      'version 0',
    ]);
    expect(heard.map(({ method }) => method)).toEqual(['GET']);
    fireEvent.change(screen.getByLabelText('Return to'), { target: { value: '0' } });
    fireEvent.click(await screen.findByRole('button', { name: 'Return to version 0' }));
    await waitFor(() =>
      expect(heard.at(-1)).toEqual({
        ...{ path: paths.takeBack(RUN), method: 'POST', key: `Bearer ${KEY}`, body: { version: 0 } },
      }),
    );
  });

  it('leaves everything as it is if the host stays', async () => {
    const heard = showBadRun();
    click('Return to an older version…');
    fireEvent.click(await screen.findByRole('button', { name: 'Stay here' }));
    expect(await screen.findByRole('button', { name: 'Return to an older version…' })).toBeTruthy();
    expect(heard).toHaveLength(1);
  });

  it('is not there if there is no older version, or nothing to return', () => {
    const changes: readonly Partial<RunView>[] = [
      { version: 0, rounds: [] },
      { phase: 'draft' },
      { phase: 'finished' },
    ];
    for (const change of changes) {
      showBadRun(change);
      expect(screen.queryByRole('button', { name: /older version/ })).toBeNull();
      cleanup();
    }
  });

  it('tells why the platform refuses', async () => {
    showBadRun();
    click('Return to an older version…');
    await screen.findByRole('button', { name: 'Return to version 2' });
    stubPlatform({
      [paths.takeBack(RUN)]: () => [
        409,
        {
          error: {
            reason: 'run-not-open',
            text: refusals['run-not-open'].text,
            detail: 'every round is done',
          },
        },
      ],
    });
    click('Return to version 2');
    expect((await screen.findByRole('alert')).textContent).toContain('every round is done');
  });
});

describe('keys for referees', () => {
  const key = { id: 'key12345', caller: 'referee', label: 'Ann', madeAt: 0, endsAt: 4_000_000_000_000 };

  /** A platform that makes, lists and revokes one key. */
  const showKeys = (): HeardCall[] => {
    keepHostKey(RUN, KEY);
    let keys: unknown[] = [];
    const heard = stubPlatform({
      [paths.keys(RUN)]: ({ method }) => {
        if (method === 'GET') return [200, { keys }];
        keys = [key];
        return [201, { ...key, key: 'a'.repeat(64) }];
      },
      [paths.key(RUN, key.id)]: () => {
        keys = [];
        return [200, true];
      },
    });
    render(<HostControls facts={factsOf()} view={viewOf()} />);
    return heard;
  };

  it('are made with a name and an end, shown once as a link whose key no server hears, listed and revoked', async () => {
    const heard = showKeys();
    fireEvent.click(screen.getByText('Referees'));
    fireEvent.input(await screen.findByLabelText('For whom'), { target: { value: 'Ann' } });
    fireEvent.change(screen.getByLabelText('Ends after'), { target: { value: '3600000' } });
    click('Make a link');
    const link = await screen.findByLabelText<HTMLInputElement>(/^Link for a referee/);
    expect(link.value).toBe(`${location.origin}/#/runs/${RUN}?key=${'a'.repeat(64)}`);
    expect(heard).toContainEqual({
      ...{ path: paths.keys(RUN), method: 'POST', key: `Bearer ${KEY}` },
      body: { label: 'Ann', lastsMs: 3_600_000 },
    });
    fireEvent.click(await screen.findByRole('button', { name: 'Revoke' }));
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Revoke' })).toBeNull());
    expect(heard).toContainEqual({
      ...{ path: paths.key(RUN, key.id), method: 'DELETE', key: `Bearer ${KEY}`, body: null },
    });
  });
});

describe('the end of a run', () => {
  const showFinished = (replies: Replies): HeardCall[] => {
    keepHostKey(RUN, KEY);
    const heard = stubPlatform(replies);
    render(<HostControls facts={factsOf()} view={viewOf({ phase: 'finished' })} />);
    return heard;
  };

  it('is the archive, and the way out of it', async () => {
    const heard = showFinished({ [paths.inArchive(RUN)]: () => [200, true] });
    click('Archive the run');
    await screen.findByText('This run is archived: nothing in it changes.');
    click('Take it out of the archive');
    await screen.findByRole('button', { name: 'Archive the run' });
    expect(heard.map(({ body }) => body)).toEqual([{ archived: true }, { archived: false }]);
  });

  it('cannot be the archive while it is open', () => {
    showHost('open');
    expect(screen.queryByRole('button', { name: 'Archive the run' })).toBeNull();
    expect(screen.getByText(/^Pause or finish the run first/)).toBeTruthy();
  });

  it('is deletion only if its host says so twice; then the key goes too', async () => {
    const heard = showFinished({ [paths.run(RUN)]: () => [200, true] });
    click('Delete the run…');
    await screen.findByRole('button', { name: 'Delete it for good' });
    expect(heard).toEqual([]);
    click('Delete it for good');
    await waitFor(() => expect(location.hash).toBe('#/'));
    expect(heard).toMatchObject([{ path: paths.run(RUN), method: 'DELETE', key: `Bearer ${KEY}` }]);
    expect(hostKeyOf(RUN)).toBeNull();
  });
});
