import type { Page, Route } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { findBrowser } from '../support/find-browser.ts';
import { entriesOf, until } from '../support/poll.ts';
import { useBrowser } from '../support/use-browser.ts';

const executable = findBrowser();

const RELEASE = /\/leases\/[^/]+\/release$/;
const UPDATE = /\/leases\/[^/]+\/update$/;

describe.runIf(executable)('a lease of two tabs at work', () => {
  const browser = useBrowser(executable);

  const activityOf = (page: Page): Promise<string | null> =>
    page.getByTestId('volunteer-activity').getAttribute('data-activity');
  /** Opens a tab whose first download hangs, so that it has one lease in hand for sure. */
  const openHolding = async (run: string, name: string): Promise<{ page: Page; volunteer: string }> => {
    const prepare = (tab: Page): Promise<unknown> => tab.route(/\/api\/blobs\//, () => {});
    const page = await browser.openVolunteer(run, { name, prepare });
    await until(async () => (await activityOf(page)) === 'downloading', 'a lease in hand');
    const volunteer = await page.getByTestId('volunteer-work').getAttribute('data-volunteer');
    return { page, volunteer: volunteer ?? '' };
  };
  /**
   * Opens a tab that holds two leases: the update of one is on its way, and the other waits for its first download. It asks
   * for the second lease only when the update is out. An earlier one might be trained before the downloads are held up.
   */
  const openWithTwo = async () => {
    const run = await browser.createRun();
    const updates: Route[] = [];
    // The loop and the session may both give a lease back. The platform keeps the reason that comes in first.
    const reasons: unknown[] = [];
    let letAsk = (): void => {};
    const isSending = new Promise<void>(resolve => {
      letAsk = resolve;
    });
    const prepare = async (tab: Page): Promise<void> => {
      tab.on('request', request => {
        if (RELEASE.test(request.url())) reasons.push(request.postDataJSON().reason);
      });
      await tab.route(UPDATE, route => {
        updates.push(route);
        letAsk();
      });
      await tab.route(/\/leases$/, async route => {
        if (route.request().postData()?.includes('beside')) await isSending;
        await route.continue();
      });
      await tab.route(/\/api\/blobs\//, route => (updates.length > 0 ? undefined : route.continue()));
    };
    const page = await browser.openVolunteer(run, { prepare });
    // Once its update is out, the first lease downloads nothing.
    const isHolding = async () => updates.length > 0 && (await activityOf(page)) === 'downloading';
    await until(isHolding, 'a second lease in hand beside the update on its way');
    return { run, page, updates, reasons };
  };
  const grants = (run: string) => entriesOf(browser.client, run, 'lease-granted');
  const ends = (run: string) => entriesOf(browser.client, run, 'lease-ended');
  const reasonsOf = async (run: string, volunteer: string): Promise<string[]> =>
    (await ends(run)).filter(ended => ended.volunteer === volunteer).map(({ why }) => why);

  it('is given back when its tab is closed', async () => {
    const run = await browser.createRun();
    await openHolding(run, 'Grace');
    const { page, volunteer } = await openHolding(run, 'Ada');
    // Not `close`, with which the driver lets go of the answer it holds: that may come in before the release.
    await page.goto('about:blank');
    const isClosed = async () => (await reasonsOf(run, volunteer)).includes('the page was closed');
    await until(isClosed, 'the lease given back');
    expect((await browser.client.run(run)).view.volunteers[volunteer]?.lease).toBeNull();
  });

  it('is given back, but for one whose update is on its way: whoever comes back sends that', async () => {
    const { run, page } = await openWithTwo();
    const [, second] = await grants(run);
    await page.goto('about:blank');
    await until(async () => (await ends(run)).length > 0, 'the lease given back');
    expect(await ends(run)).toMatchObject([{ lease: second?.lease, why: 'the page was closed' }]);
  });

  it('is given back when its trainer breaks, but for one whose update is on its way; no other is taken', async () => {
    const { run, page, updates, reasons } = await openWithTwo();
    const [, second] = await grants(run);
    const taken = () => entriesOf(browser.client, run, 'update-accepted');
    await page.workers()[0]?.evaluate(() => {
      setTimeout(() => {
        throw new Error('out of memory');
      });
    });
    await until(async () => (await ends(run)).length > 0, 'the lease given back');
    expect(await ends(run)).toMatchObject([{ lease: second?.lease, why: 'the trainer failed' }]);
    expect(await activityOf(page)).toBe('failed');
    const replied = page.waitForResponse(UPDATE);
    await updates[0]?.continue();
    await replied;
    await until(async () => (await taken()).length === 1, 'the update that was on its way');
    // A loop that lived on would ask for the next lease now.
    await page.evaluate(() => new Promise(resolve => setTimeout(resolve, 500)));
    expect(await grants(run)).toHaveLength(2);
    expect(await activityOf(page)).toBe('failed');
    expect(new Set(reasons)).toEqual(new Set(['the trainer failed']));
  });
});
