import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { paths, runPage } from '../../shared/protocol/paths.ts';
import {
  type BrowserPlatform,
  createBrowserRun,
  launchBrowser,
  openVolunteer,
  startBrowserPlatform,
  textOf,
} from '../support/browser-run.ts';
import { findBrowser } from '../support/find-browser.ts';
import { until } from '../support/poll.ts';

const executable = findBrowser();

describe.runIf(executable)('the page of a run', () => {
  let browser: Browser;
  let home: BrowserPlatform;
  let run: string;

  beforeAll(async () => {
    browser = await launchBrowser(executable ?? '');
    home = await startBrowserPlatform();
    run = await createBrowserRun(home.client, 10, 2);
  });

  afterAll(async () => {
    await browser.close();
    await home.stop();
  });

  it('waits out a platform that is overloaded for a moment', async () => {
    const page = await (await browser.newContext()).newPage();
    await page.route(`**${paths.run(run)}`, route => route.fulfill({ status: 503, body: 'overloaded' }), {
      times: 1,
    });
    await page.goto(home.platform.origin + runPage(run));
    await page.getByRole('alert').waitFor();
    await page.getByTestId('phase').waitFor({ timeout: 10_000 });
    expect(await textOf(page, 'phase')).toBe('open');
    await page.close();
  });

  it('says why a volunteer waits', async () => {
    const page = await openVolunteer(browser, home.platform.origin, run, 'Ada', 'wasm');
    await page.getByTestId('volunteer-note').waitFor({ timeout: 20_000 });
    await until(async () => (await textOf(page, 'volunteer-activity')) === 'Waiting', 'it waits', 10_000);
    expect(await textOf(page, 'volunteer-note')).toBe('waiting for volunteers: 1 of 2');
    await page.close();
  });

  it('of a plan chosen in the form, shows the heads that stay in the network', async () => {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${home.platform.origin}/#/new`);
    await page.getByLabel('Name').fill('adding up');
    await page.getByLabel('Network', { exact: true }).selectOption('cnn-tiny');
    await page.getByLabel('Learning plan').selectOption('growing-together');
    await page.getByText('Settings of growing-together').click();
    await page.getByLabel('Which segments decide').selectOption('all of them, added up; heads stay');
    await page.getByTestId('create-run').click();
    expect(await textOf(page, 'segment-head-1')).toContain('added to the network’s last exit');
    expect(await textOf(page, 'segment-segment-1')).not.toContain('added to');
    await page.close();
  });

  it('loads the trainer again where it could not be loaded ahead', async () => {
    const page = await (await browser.newContext()).newPage();
    await page.route(/trainer-thread/, route => route.abort(), { times: 1 });
    await page.goto(home.platform.origin + runPage(run));
    const failed = page.waitForEvent('requestfailed', request => request.url().includes('trainer-thread'));
    await page.getByTestId('start-volunteering').hover();
    await failed;
    await page.getByTestId('start-volunteering').click();
    // Joined: its trainer has started.
    await page.locator('[data-testid=volunteer-work]:not([data-volunteer=""])').waitFor({ timeout: 20_000 });
    await page.close();
  });
});
