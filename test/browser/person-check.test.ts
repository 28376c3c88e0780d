import type { Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { keyPage, PERSON_PAGE, runPage } from '../../shared/protocol/paths.ts';
import { findBrowser } from '../support/find-browser.ts';
import { until } from '../support/poll.ts';
import { type Siteverify, startSiteverify } from '../support/siteverify.ts';
import { createTinyRun } from '../support/tiny-run.ts';
import { blockTurnstile, stubTurnstile } from '../support/turnstile-double.ts';
import { useBrowser } from '../support/use-browser.ts';
import { watchViolations } from '../support/watch-violations.ts';

const executable = findBrowser();

/** Cloudflare cannot be reached from here: its script and its service are doubles, and all else is real. */
describe.runIf(executable)('[CROWD8] the check of people', () => {
  let siteverify: Siteverify | null = null;
  const browser = useBrowser(executable, async () => {
    siteverify = await startSiteverify();
    const keys = { TURNSTILE_SITE_KEY: 'site-key', TURNSTILE_SECRET: 'the secret' };
    return { ...keys, TURNSTILE_URL: siteverify.url };
  });
  afterAll(() => siteverify?.close());

  const namesIn = async (run: string): Promise<string[]> =>
    Object.values((await browser.client.run(run)).view.volunteers).map(({ name }) => name);
  const joins = (run: string, name: string): Promise<unknown> =>
    until(async () => (await namesIn(run)).includes(name), `${name} in the run`);
  const tick = (check: Page): Promise<void> =>
    check.frameLocator('iframe').getByLabel('Verify you are human').click();
  /** The page of the check, which `act` opens. */
  const checkOpenedBy = async (page: Page, act: () => Promise<unknown>): Promise<Page> => {
    const [check] = await Promise.all([page.context().waitForEvent('page'), act()]);
    return check;
  };
  const note = (page: Page) => page.getByTestId('person-note').getByRole('link');

  it('opens in a window of its own, lets a volunteer in, and leaves the run’s page isolated and its policy kept', async () => {
    const { run } = await createTinyRun(browser.client);
    const page = await browser.newPage();
    await stubTurnstile(page.context(), ['passed by Ada']);
    const violations: string[] = [];
    await watchViolations(page, violations);
    page.context().on('page', opened => void watchViolations(opened, violations));
    await page.goto(browser.origin + runPage(run));
    await page.getByLabel('Your name, as others see it').fill('Ada');
    await page.getByTestId('person-ahead').waitFor();
    const check = await checkOpenedBy(page, () => page.getByTestId('start-volunteering').click());
    await check.frameLocator('iframe').getByLabel('Verify you are human').waitFor();
    expect(await check.evaluate(() => crossOriginIsolated)).toBe(false);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    expect(await namesIn(run)).toEqual([]);
    await Promise.all([check.waitForEvent('close'), tick(check)]);
    await joins(run, 'Ada');
    await page.getByTestId('person-note').waitFor({ state: 'detached' });
    expect(violations).toEqual([]);
    const passes = () => page.evaluate(() => Object.keys(localStorage).filter(key => /pass/.test(key)));
    await until(async () => (await passes()).length === 0, 'the pass, of no use any more, to be forgotten');
  });

  it('is led to by a link if the page joins by itself, also from the keyboard', async () => {
    const { run } = await createTinyRun(browser.client);
    const page = await browser.newPage();
    await stubTurnstile(page.context(), ['passed by Bob']);
    await page.goto(`${browser.origin}${runPage(run)}?join=1&name=Bob&backend=cpu`);
    await note(page).focus();
    const check = await checkOpenedBy(page, () => page.keyboard.press('Enter'));
    await tick(check);
    await joins(run, 'Bob');
  });

  it('is found by a page that was loaded again meanwhile', async () => {
    const { run } = await createTinyRun(browser.client);
    const page = await browser.newPage();
    await stubTurnstile(page.context(), ['passed by Cem']);
    await page.goto(`${browser.origin}${runPage(run)}?join=1&name=Cem&backend=cpu`);
    const check = await checkOpenedBy(page, () => note(page).click());
    await page.goto('about:blank');
    await Promise.all([check.waitForEvent('close'), tick(check)]);
    await page.goto(browser.origin + runPage(run));
    await joins(run, 'Cem');
  });

  it('that is not passed is shown again, and says what was wrong', async () => {
    const { run } = await createTinyRun(browser.client);
    const page = await browser.newPage();
    await stubTurnstile(page.context(), ['guessed', 'passed by Dan']);
    await page.goto(`${browser.origin}${runPage(run)}?join=1&name=Dan&backend=cpu`);
    const check = await checkOpenedBy(page, () => note(page).click());
    await tick(check);
    await check.getByRole('alert').getByText('invalid-input-response').waitFor();
    await check.getByRole('button', { name: 'Try again' }).click();
    await tick(check);
    await joins(run, 'Dan');
  });

  it('is asked for again if the platform does not take the pass any more', async () => {
    const { run } = await createTinyRun(browser.client);
    const page = await browser.newPage();
    await stubTurnstile(page.context(), ['passed by Gil']);
    await page.goto(`${browser.origin}${runPage(run)}?join=1&name=Gil&backend=cpu`);
    const href = (await note(page).getAttribute('href')) ?? '';
    const check = await checkOpenedBy(page, () => note(page).click());
    const refused = page.waitForResponse(response => response.url().endsWith('/join'));
    await check.evaluate(
      ([key, asked]) => {
        const nonce = new URLSearchParams(asked.split('#')[1]).get('nonce');
        localStorage.setItem(key, JSON.stringify({ nonce, pass: 'pass.of.yesterday' }));
      },
      [`homeroom:pass:${run}`, href] as const,
    );
    expect((await refused).status()).toBe(403);
    await note(page).waitFor();
    await tick(check);
    await joins(run, 'Gil');
  });

  it('holds up nobody who wants to stop after this task', async () => {
    const { run } = await createTinyRun(browser.client);
    const page = await browser.newPage();
    await page.goto(`${browser.origin}${runPage(run)}?join=1&name=Hal&backend=cpu`);
    await page.getByText('Waiting for the check of people').waitFor();
    await page.getByTestId('finish-volunteering').click();
    await page.getByTestId('start-volunteering').waitFor();
    expect(await namesIn(run)).toEqual([]);
  });

  it('that a network keeps out says so, and who keeps away from it can still watch and stop', async () => {
    const { run } = await createTinyRun(browser.client);
    const page = await browser.newPage();
    await blockTurnstile(page.context());
    await page.goto(`${browser.origin}${runPage(run)}?join=1&name=Eve&backend=cpu`);
    const check = await checkOpenedBy(page, () => note(page).click());
    await check.getByRole('alert').getByText('challenges.cloudflare.com').waitFor();
    await check.close();
    await page.getByTestId('stop-volunteering').click();
    await page.getByTestId('start-volunteering').waitFor();
    expect(await page.getByTestId('person-note').count()).toBe(0);
    expect(await namesIn(run)).toEqual([]);
  });

  it('does not ask a referee', async () => {
    const { run, hostKey } = await createTinyRun(browser.client);
    const page = await browser.newPage();
    await page.goto(`${browser.origin}${keyPage(run, hostKey)}&join=1&name=Fay&backend=cpu`);
    await joins(run, 'Fay');
  });

  it('has a page that no other site may embed, and that lets in nobody but Cloudflare', async () => {
    const response = await fetch(browser.origin + PERSON_PAGE);
    expect(response.status).toBe(200);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy.match(/https?:\/\/[^\s;]+/g)).toEqual(Array(2).fill('https://challenges.cloudflare.com'));
    expect(policy).not.toMatch(/unsafe|\*/);
    expect(response.headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(response.headers.get('cross-origin-embedder-policy')).toBe('unsafe-none');
    expect(response.headers.get('cache-control')).toBe('no-store');
    const others = await fetch(browser.origin);
    expect(others.headers.get('content-security-policy')).not.toContain('cloudflare');
  });
});
