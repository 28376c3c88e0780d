import { act, fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { PersonPage } from '../../client/web/person/person-page.tsx';
import { forgetPass, keepPass, keptPass, personHref } from '../../client/web/state/person-pass.ts';
import { platformClient } from '../../client/web/state/platform-client.ts';
import { PersonCheck } from '../../client/web/volunteering/person-check.ts';
import { VolunteerForm } from '../../client/web/volunteering/volunteer-form.tsx';
import { VolunteerSession } from '../../client/web/volunteering/volunteer-session.ts';
import { VolunteerWork } from '../../client/web/volunteering/volunteer-work.tsx';
import { paths } from '../../shared/protocol/paths.ts';
import { factsOf, RUN, viewOf } from './some-run.ts';
import { type Replies, stubPlatform } from './stub-platform.ts';

const NONCE = '0123456789abcdef'.repeat(2);
const asked = { run: RUN, nonce: NONCE, siteKey: 'site-key' };
const hash = personHref(asked).replace(/^[^#]*/, '');

const state = (): string | null => screen.getByTestId('person-state').getAttribute('data-is');

/** The page, whose script of Cloudflare's has come: what the widget was told, and what it is told to do. */
async function shown(replies: Replies) {
  const heard = stubPlatform(replies);
  const widget = { render: vi.fn((_: HTMLElement, __: object) => 'w1'), reset: vi.fn() };
  vi.stubGlobal('turnstile', widget);
  const close = vi.fn();
  vi.stubGlobal('close', close);
  letScriptsCome(true);
  render(<PersonPage hash={hash} />);
  await waitFor(() => expect(state()).toBe('asking'));
  const scripts = [...document.querySelectorAll('script')].map(({ src }) => src);
  expect(scripts.at(-1)).toMatch(/^https:\/\/challenges\.cloudflare\.com\/turnstile\/v0\/api\.js\?/);
  const [, options] = widget.render.mock.calls[0] ?? [];
  const call = (name: string, text?: string) => act(() => Reflect.get(options ?? {}, name)(text));
  return { heard, widget, close, options, call };
}

/** Nothing is loaded in these tests. A script seems to come, or not to. */
const letScriptsCome = (come: boolean): void => {
  Reflect.get(window, 'happyDOM').settings.handleDisabledFileLoadingAsSuccess = come;
};
afterEach(() => letScriptsCome(false));

describe('[CROWD8] the page of the check', () => {
  it('asks Cloudflare’s script, tells the platform, leaves the pass for the tab that asked, and closes', async () => {
    const { heard, options, call, close } = await shown({
      [paths.pass(RUN)]: () => [200, { pass: 'pass.x' }],
    });
    expect(options).toMatchObject({ sitekey: 'site-key', theme: 'auto', 'response-field': false });
    // A page that stays open shows no second token, of which there would be a pass that nobody needs.
    expect(options).toMatchObject({ 'refresh-expired': 'never' });
    await call('callback', 'a token');
    await waitFor(() => expect(state()).toBe('passed'));
    expect(heard).toMatchObject([{ method: 'POST', body: { human: 'a token', nonce: NONCE } }]);
    expect(keptPass(RUN, NONCE)).toBe('pass.x');
    expect(keptPass(RUN, 'f'.repeat(32))).toBeNull();
    expect(close).toHaveBeenCalledOnce();
    expect(screen.getByRole('link', { name: 'back to the run' }).getAttribute('href')).toBe(`/#/runs/${RUN}`);
  });

  it('says why the platform does not take it, and shows the check anew when asked', async () => {
    const error = { reason: 'not-checked', text: 'a check that only a page can show' };
    const { call, widget } = await shown({ [paths.pass(RUN)]: () => [403, { error }] });
    await call('callback', 'spent');
    expect((await screen.findByRole('alert')).textContent).toContain('a check that only a page can show');
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(widget.reset).toHaveBeenCalledWith('w1');
    await waitFor(() => expect(state()).toBe('asking'));
    expect(keptPass(RUN, NONCE)).toBeNull();
  });

  it('tells an error of Cloudflare’s by its code, and takes a token that comes after', async () => {
    const { call } = await shown({ [paths.pass(RUN)]: () => [200, { pass: 'pass.x' }] });
    await call('error-callback', '300010');
    expect((await screen.findByRole('alert')).textContent).toContain('300010');
    await call('callback', 'a token');
    await waitFor(() => expect(state()).toBe('passed'));
  });

  it('says that a browser is too old for the check', async () => {
    const { call } = await shown({});
    await call('unsupported-callback');
    await screen.findByText(/too old for Cloudflare/);
  });

  it('says that the script does not come, and what to do', async () => {
    render(<PersonPage hash={hash} />);
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('challenges.cloudflare.com');
    expect(alert.textContent).toContain('a referee’s link');
    expect(screen.getByRole('button', { name: 'Load it again' })).toBeTruthy();
  });

  it('says that a browser keeps nothing, so that the run’s page cannot know', async () => {
    const { call, close } = await shown({ [paths.pass(RUN)]: () => [200, { pass: 'pass.x' }] });
    const setItem = (): void => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    vi.stubGlobal('localStorage', { setItem, getItem: () => null, clear: () => {} });
    await call('callback', 'a token');
    await waitFor(() => expect(state()).toBe('unkept'));
    expect(close).not.toHaveBeenCalled();
  });

  it.each(['', '#run=abc123defg', `#run=../x&nonce=${NONCE}&siteKey=k`, `#run=${RUN}&nonce=1&siteKey=k`])(
    'opened with %j leads to the runs and loads nothing of Cloudflare’s',
    opened => {
      const before = document.querySelectorAll('script').length;
      render(<PersonPage hash={opened} />);
      expect(screen.getByRole('link', { name: 'All runs' }).getAttribute('href')).toBe('/');
      expect(document.querySelectorAll('script').length).toBe(before);
    },
  );
});

describe('[CROWD8] a tab that waits for a person', () => {
  const passedElsewhere = (nonce: string, pass: string): void => {
    keepPass(RUN, { nonce, pass });
    dispatchEvent(new StorageEvent('storage', { key: `homeroom:pass:${RUN}` }));
  };

  it('hears of its own pass, and of no other tab’s', async () => {
    const check = new PersonCheck(asked);
    const pass = check.pass(null, new AbortController().signal);
    expect(check.isWanted.value).toBe(true);
    passedElsewhere('f'.repeat(32), 'pass.other');
    expect(check.isWanted.value).toBe(true);
    passedElsewhere(NONCE, 'pass.mine');
    expect(await pass).toBe('pass.mine');
    expect(check.isWanted.value).toBe(false);
  });

  it('finds one that came while it slept, as soon as it is looked at', async () => {
    const check = new PersonCheck(asked);
    const pass = check.pass(null, new AbortController().signal);
    keepPass(RUN, { nonce: NONCE, pass: 'pass.mine' });
    document.dispatchEvent(new Event('visibilitychange'));
    expect(await pass).toBe('pass.mine');
  });

  it('asks again for one that has ended', async () => {
    keepPass(RUN, { nonce: NONCE, pass: 'pass.old' });
    const check = new PersonCheck(asked);
    expect(await check.pass(null, new AbortController().signal)).toBe('pass.old');
    const again = check.pass('pass.old', new AbortController().signal);
    expect(check.isWanted.value).toBe(true);
    passedElsewhere(NONCE, 'pass.new');
    expect(await again).toBe('pass.new');
  });

  it('forgets its pass once it has joined, and leaves another tab’s', () => {
    keepPass(RUN, { nonce: 'f'.repeat(32), pass: 'pass.other' });
    new PersonCheck(asked).joined();
    expect(keptPass(RUN, 'f'.repeat(32))).toBe('pass.other');
    forgetPass(RUN, 'f'.repeat(32));
    expect(keptPass(RUN, 'f'.repeat(32))).toBeNull();
  });

  it('shows a link, and that it can do without, until the pass is there', async () => {
    const slot = { read: () => null, write: () => {} };
    const session = new VolunteerSession({
      ...{ client: platformClient, run: RUN, slot, name: 'Ada', backend: 'wasm' },
    });
    const person = new PersonCheck(asked);
    person.start();
    session.person.value = person;
    render(<VolunteerWork kind="picture" session={session} view={viewOf({})} />);
    const link = screen.getByRole('link', { name: 'Show that you are a person' });
    expect(link.getAttribute('href')).toBe(`/person#run=${RUN}&nonce=${NONCE}&siteKey=site-key`);
    expect(screen.getByTestId('person-note').textContent).toContain('You can watch the run without it');
    passedElsewhere(NONCE, 'pass.mine');
    await waitFor(() => expect(screen.queryByTestId('person-note')).toBeNull());
  });

  it('is told of the window before it starts, unless it was here before or nobody is checked', () => {
    const ada = {
      name: 'Ada',
      backend: 'wasm',
      identity: { volunteer: 'v1', token: 't' },
      wasActive: false,
    } as const;
    const show = (memory: typeof ada | null, checksWith?: string): boolean => {
      const slot = { read: () => memory, write: () => {} };
      const facts = factsOf(checksWith === undefined ? {} : { checksWith });
      const { unmount } = render(
        <VolunteerForm facts={facts} view={viewOf()} slot={slot} query={new URLSearchParams()} />,
      );
      const isTold = screen.queryByTestId('person-ahead') !== null;
      unmount();
      return isTold;
    };
    expect([show(null, 'k'), show(ada, 'k'), show(null)]).toEqual([true, false, false]);
  });
});
