import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runPage } from '../../shared/protocol/paths.ts';
import {
  type BrowserPlatform,
  createBrowserRun,
  launchBrowser,
  startBrowserPlatform,
  textOf,
} from '../support/browser-run.ts';
import { findBrowser } from '../support/find-browser.ts';
import { until } from '../support/poll.ts';

const executable = findBrowser();

describe.runIf(executable)('threads in a tab', () => {
  let browser: Browser;
  let home: BrowserPlatform;
  let run: string;
  let page: Page;

  beforeAll(async () => {
    browser = await launchBrowser(executable ?? '');
    home = await startBrowserPlatform();
    run = await createBrowserRun(home.client, 1_000, 1);
    page = await browser.newPage();
    await page.goto(`${home.platform.origin}${runPage(run)}?name=Ada`);
  }, 60_000);

  afterAll(async () => {
    await browser.close();
    await home.stop();
  });

  const updates = async (): Promise<number> =>
    Object.values((await home.client.run(run)).view.volunteers).reduce((sum, one) => sum + one.updates, 0);

  /** Starts training with so many threads at most, and waits until the run has taken something of it. */
  async function train(threads: string): Promise<void> {
    const before = await updates();
    await page.getByLabel('Train on').selectOption('wasm');
    await page.getByLabel('Threads').selectOption(threads);
    await page.getByTestId('start-volunteering').click();
    await until(async () => (await updates()) > before, 'an update', 60_000);
  }

  const helpers = (): number =>
    page.workers().filter(worker => worker.url().includes('kernel-thread')).length;

  async function stop(): Promise<void> {
    await page.getByTestId('stop-volunteering').click();
    await page.getByTestId('start-volunteering').waitFor();
  }

  it('train together, no more than the volunteer allows, and end with the training', async () => {
    await train('2');
    expect(await textOf(page, 'backend')).toBe('wasm, 2 threads');
    expect(helpers()).toBe(1);
    await stop();
    await until(async () => helpers() === 0, 'the thread’s end', 10_000);
  });

  it('are as many the next time', async () => {
    await page.reload();
    await page.getByTestId('start-volunteering').waitFor();
    expect(await page.getByLabel('Threads').inputValue()).toBe('2');
  });

  it('are one where the volunteer allows one', async () => {
    await train('1');
    expect(await textOf(page, 'backend')).toBe('wasm');
    expect(helpers()).toBe(0);
    await stop();
  });

  it('are one where the script of the others does not load, and the page says so', async () => {
    // Playwright hears nothing of what a worker's worker loads, so the trainer looks for it in the wrong place.
    await page.route('**/trainer-thread-*.js', async route => {
      const response = await route.fetch();
      await route.fulfill({ response, body: (await response.text()).replace('/kernel-thread', '/nowhere') });
    });
    await page.reload();
    await train('2');
    expect(await textOf(page, 'backend')).toBe('wasm');
    expect(await textOf(page, 'volunteer-work')).toContain('1 of 2 threads started');
  });
});
