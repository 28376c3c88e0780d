import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/preact';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { HostControls } from '../../client/web/host/host-controls.tsx';
import { VolunteerActions } from '../../client/web/host/volunteer-actions.tsx';
import { hostKeyOf, keepHostKey } from '../../client/web/state/host-keys.ts';
import { hostPage, paths } from '../../shared/protocol/paths.ts';
import { refusals } from '../../shared/protocol/refusals.ts';
import { boundMs } from '../support/patience.ts';
import { click, KEY, order, showHost } from './host-kit.tsx';
import { factsOf, RUN, viewOf, volunteerOf } from './some-run.ts';
import { stubPlatform } from './stub-platform.ts';

describe('a host key', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('is held as long as the page if storage is full, and the host is told to copy it', () => {
    const setItem = (): never => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    vi.stubGlobal('localStorage', { setItem, getItem: () => null, removeItem: () => {} });
    showHost('open');
    expect(screen.getByTestId('host-key-not-kept').textContent).toContain('Copy the host key below');
    expect(hostKeyOf(RUN)).toBe(KEY);
    vi.unstubAllGlobals();
    cleanup();
    showHost('open');
    expect(screen.queryByTestId('host-key-not-kept')).toBeNull();
  });
});

describe('the host’s switches', () => {
  it.each([
    ['draft', 'Open', 'open'],
    ['open', 'Pause the run', 'pause'],
    ['paused', 'Resume the run', 'resume'],
  ] as const)(
    'of a run that is %s: %j tells the platform to %s it, with the host key',
    async (phase, name, action) => {
      const heard = showHost(phase);
      click(name);
      await waitFor(() => expect(heard).toEqual([order(action)]));
    },
  );

  it('ask twice before the run is finished for good', async () => {
    const heard = showHost('open');
    click('Finish…');
    await screen.findByRole('button', { name: 'Finish for good' });
    click('Not yet');
    await screen.findByRole('button', { name: 'Finish…' });
    expect(heard).toEqual([]);
    click('Finish…');
    fireEvent.click(await screen.findByRole('button', { name: 'Finish for good' }));
    await waitFor(() => expect(heard).toEqual([order('finish')]));
  });

  it('[CLOSE2] [CLOSE5] end a run that comes to its end without its test, and do nothing else to it', async () => {
    keepHostKey(RUN, KEY);
    const heard = stubPlatform({ [paths.control(RUN)]: () => [200, {}] });
    render(
      <HostControls facts={factsOf()} view={viewOf({ version: 3, closing: { why: 'host', since: 1 } })} />,
    );
    click('Do not wait for the test…');
    fireEvent.click(await screen.findByRole('button', { name: 'Finish untested' }));
    await waitFor(() => expect(heard).toEqual([order('finish-now')]));
    expect(screen.queryByRole('button', { name: 'Finish…' })).toBeNull();
    expect(screen.queryByRole('button', { name: 'Pause the run' })).toBeNull();
    expect(screen.queryByRole('button', { name: /older version/ })).toBeNull();
  });

  it('are gone when the run is over', () => {
    showHost('finished');
    const names = screen.getAllByRole('button').map(({ textContent }) => textContent);
    expect(names).toEqual([
      'Show the link and its QR code',
      'Archive the run',
      'Delete the run…',
      'Copy',
      'Renew it',
      'Forget it in this browser',
    ]);
  });

  it('of a run in the archive are gone with all that acts on its volunteers', () => {
    keepHostKey(RUN, KEY);
    render(
      <HostControls facts={factsOf({ archived: true })} view={viewOf({ phase: 'paused', version: 2 })} />,
    );
    const names = screen.getAllByRole('button').map(({ textContent }) => textContent);
    expect(names).toEqual([
      'Show the link and its QR code',
      'Take it out of the archive',
      'Delete the run…',
      'Copy',
      'Renew it',
      'Forget it in this browser',
    ]);
    expect(screen.queryByText('Referees')).toBeNull();
  });

  it.each([
    ['paused', null],
    ['open', 'cannot pause'],
  ] as const)(
    'tell of no refusal if another tab has done the same: of a run that is %s, %j',
    async (phase, told) => {
      const view = viewOf({ phase });
      const error = { reason: 'run-not-open', text: 'cannot pause' };
      showHost('open');
      const heard = stubPlatform({
        [paths.control(RUN)]: () => [409, { error }],
        [paths.run(RUN)]: () => [200, { ...factsOf(), view }],
      });
      click('Pause the run');
      await waitFor(() => expect(heard.map(({ path }) => path)).toContain(paths.run(RUN)));
      if (told) expect((await screen.findByRole('alert')).textContent).toContain(told);
      else await waitFor(() => expect(screen.getByTestId('host-pause')).toHaveProperty('disabled', false));
      expect(screen.queryAllByRole('alert')).toHaveLength(told ? 1 : 0);
    },
  );

  it('tell why the platform refuses', async () => {
    showHost('open');
    stubPlatform({
      [paths.control(RUN)]: () => [403, { error: { reason: 'forbidden', text: refusals.forbidden.text } }],
    });
    click('Pause the run');
    expect((await screen.findByRole('alert')).textContent).toBe(refusals.forbidden.text);
  });
});

describe('the host key', () => {
  const details = { caller: 'host', joinCode: null, archived: false };
  const forbidden = () => [403, { error: { reason: 'forbidden', text: refusals.forbidden.text } }] as const;
  const type = (key: string): void => {
    fireEvent.input(screen.getByLabelText('Host key'), { target: { value: key } });
    click('Use it in this browser');
  };

  it('is taken from its owner, checked, and kept in this browser', async () => {
    stubPlatform({ [paths.host(RUN)]: () => [200, details] });
    render(<HostControls facts={factsOf()} view={viewOf()} />);
    type(` ${KEY} `);
    expect(await screen.findByRole('button', { name: 'Pause the run' })).toBeTruthy();
    expect(hostKeyOf(RUN)).toBe(KEY);
  });

  it('that is wrong is told of at its field, and not kept', async () => {
    stubPlatform({ [paths.host(RUN)]: forbidden });
    render(<HostControls facts={factsOf()} view={viewOf()} />);
    type('');
    await screen.findByText('Enter the host key.');
    type(KEY);
    await screen.findByText(/^This key does not open this run/);
    expect(screen.getByLabelText('Host key').getAttribute('aria-invalid')).toBe('true');
    expect(hostKeyOf(RUN)).toBeNull();
  });

  it('that could not be checked is not kept, and the page says why', async () => {
    stubPlatform({});
    render(<HostControls facts={factsOf()} view={viewOf()} />);
    type(KEY);
    await screen.findByText(/^nobody replies/);
    expect(hostKeyOf(RUN)).toBeNull();
  });

  it('comes to another browser by a link, which is on the page only if somebody asks', async () => {
    showHost('open');
    const label = 'Link with the rights of the host';
    expect(screen.queryByLabelText(label)).toBeNull();
    click('Show the link and its QR code');
    const link = (await screen.findByRole('textbox', { name: label })) as HTMLInputElement;
    expect(link.value).toBe(location.origin + hostPage(RUN, KEY));
  });

  it('can be read to be copied, and forgotten', async () => {
    showHost('open');
    expect(screen.getByLabelText('Host key')).toMatchObject({ value: KEY, readOnly: true });
    click('Forget it in this browser');
    expect(await screen.findByText('I am the host')).toBeTruthy();
    expect(hostKeyOf(RUN)).toBeNull();
  });

  it('is renewed: this browser keeps the new one, and a repeated press shows the same nonce', async () => {
    showHost('open');
    const replies: (readonly [number, unknown])[] = [
      [403, { error: { reason: 'forbidden', text: refusals.forbidden.text } }],
      [200, { hostKey: 'n'.repeat(64) }],
    ];
    const heard = stubPlatform({ [paths.hostKey(RUN)]: () => replies.shift() ?? [404, {}] });
    click('Renew it');
    expect((await screen.findByRole('alert')).textContent).toBe(refusals.forbidden.text);
    click('Renew it');
    await waitFor(() => expect(hostKeyOf(RUN)).toBe('n'.repeat(64)));
    const [first, second] = heard;
    expect(first?.key).toBe(`Bearer ${KEY}`);
    expect(second?.body).toEqual(first?.body);
  });
});

describe('a volunteer', () => {
  it('is renamed by its host', async () => {
    keepHostKey(RUN, KEY);
    const heard = stubPlatform({ [paths.volunteer(RUN, 'v1')]: () => [200, true] });
    render(<VolunteerActions run={RUN} phase="open" volunteer={volunteerOf('v1', { name: 'Eve' })} />);
    click('Rename Eve…');
    const field = await screen.findByLabelText('New name of Eve');
    fireEvent.input(field, { target: { value: ' Ada ' } });
    click('Save');
    await screen.findByRole('button', { name: 'Rename Eve…' });
    expect(heard).toMatchObject([{ method: 'PATCH', body: { name: 'Ada' } }]);
  });

  it('of a run that is over is renamed still, and not removed any more', async () => {
    keepHostKey(RUN, KEY);
    const eve = volunteerOf('v1', { name: 'Eve' });
    const { rerender } = render(<VolunteerActions run={RUN} phase="open" volunteer={eve} />);
    click('Remove Eve…');
    await screen.findByRole('button', { name: 'Remove Eve for good' });
    rerender(<VolunteerActions run={RUN} phase="finished" volunteer={eve} />);
    expect(screen.getAllByRole('button').map(({ textContent }) => textContent)).toEqual(['Rename…']);
  });
});

it('what a run costs is told for three crowds, when somebody looks', async () => {
  showHost('open');
  const details = screen.getByText('What it costs on Cloudflare').closest('details');
  if (details) details.open = true;
  // What reckons is loaded first.
  const rows = await waitFor(
    () => {
      const found = within(screen.getByTestId('costs')).getAllByRole('row').slice(1);
      expect(found).toHaveLength(3);
      return found.map(row => row.textContent);
    },
    { timeout: boundMs(2_000) },
  );
  expect(rows[0]).toMatch(/^10(< )?\$0\.\d\d/);
  expect(rows[2]).toMatch(/^100,000\$[\d,]+\.\d\d/);
});
