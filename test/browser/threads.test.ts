import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { runPage } from '../../shared/protocol/paths.ts';
import { findBrowser } from '../support/find-browser.ts';
import { until } from '../support/poll.ts';
import { textOf, useBrowser } from '../support/use-browser.ts';

const executable = findBrowser();

describe.runIf(executable)('threads in a tab', () => {
  const browser = useBrowser(executable);

  /** The page of a run, in which nobody trains yet. */
  async function openRun(): Promise<{ page: Page; run: string }> {
    const run = await browser.createRun();
    const page = await browser.newPage();
    await page.goto(`${browser.origin}${runPage(run)}?name=Ada`);
    return { page, run };
  }

  /** Starts training with so many threads at most, and waits until the run has taken something of it. */
  async function train({ page, run }: { page: Page; run: string }, threads: string): Promise<void> {
    await page.getByText('How this device helps').click();
    await page.locator('select[name=backend]').selectOption('wasm');
    await page.locator('select[name=threads]').selectOption(threads);
    await page.getByTestId('start-volunteering').click();
    await until(async () => (await browser.client.run(run)).view.accepted > 0, 'an update');
  }

  const helpers = (page: Page): number =>
    page.workers().filter(worker => worker.url().includes('kernel-thread')).length;

  it('train together, no more than the volunteer allows, and end with the training', async () => {
    const opened = await openRun();
    const { page } = opened;
    await train(opened, '2');
    expect(await textOf(page, 'backend')).toBe('wasm, 2 threads');
    expect(helpers(page)).toBe(1);
    await page.getByTestId('stop-volunteering').click();
    await page.getByTestId('start-volunteering').waitFor();
    await until(async () => helpers(page) === 0, 'the thread’s end');
  });

  it('are as many the next time', async () => {
    const opened = await openRun();
    const { page } = opened;
    await train(opened, '2');
    await page.getByTestId('stop-volunteering').click();
    await page.getByTestId('start-volunteering').waitFor();
    await page.reload();
    await page.getByTestId('start-volunteering').waitFor();
    expect(await page.locator('select[name=threads]').inputValue()).toBe('2');
  });

  it('are one where the volunteer allows one', async () => {
    const opened = await openRun();
    await train(opened, '1');
    expect(await textOf(opened.page, 'backend')).toBe('wasm');
    expect(helpers(opened.page)).toBe(0);
  });

  it('are one where the script of the others does not load, and the page says so', async () => {
    const opened = await openRun();
    const { page } = opened;
    // Playwright hears nothing of what a worker's worker loads, so the trainer looks for it in the wrong place.
    await page.route('**/trainer-thread-*.js', async route => {
      const response = await route.fetch();
      await route.fulfill({ response, body: (await response.text()).replace('/kernel-thread', '/nowhere') });
    });
    await page.reload();
    await train(opened, '2');
    expect(await textOf(page, 'backend')).toBe('wasm');
    expect(await textOf(page, 'volunteer-work')).toContain('1 of 2 threads started');
  });
});
