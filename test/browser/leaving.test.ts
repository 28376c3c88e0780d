import type { Browser, Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type BrowserPlatform,
  createBrowserRun,
  launchBrowser,
  openVolunteer,
  startBrowserPlatform,
} from '../support/browser-run.ts';
import { findBrowser } from '../support/find-browser.ts';
import { entriesOf, until } from '../support/poll.ts';

const executable = findBrowser();

/** Far under the time after which a lease that nobody answers for is taken away. */
const SOON_MS = 10_000;

describe.runIf(executable)('a lease of two tabs at work', () => {
  let browser: Browser;
  let home: BrowserPlatform;
  let run: string;

  beforeAll(async () => {
    browser = await launchBrowser(executable ?? '');
    home = await startBrowserPlatform();
    run = await createBrowserRun(home.client, 1_000, 1);
  });

  afterAll(async () => {
    await browser.close();
    await home.stop();
  });

  const activityOf = (page: Page): Promise<string | null> =>
    page.getByTestId('volunteer-activity').getAttribute('data-activity');
  /** Opens a tab whose answer hangs on the way, and its next ask too, so that there is one lease in hand for sure. */
  const openHolding = async (name: string): Promise<{ page: Page; volunteer: string }> => {
    let asks = 0;
    const page = await openVolunteer(browser, home.platform.origin, run, name, 'wasm', async tab => {
      await tab.route(/\/leases\/[^/]+\/update$/, () => {});
      await tab.route(/\/leases$/, route => void (asks++ === 0 && route.continue()));
    });
    await until(async () => (await activityOf(page)) === 'uploading', 'an answer on its way', 60_000);
    const volunteer = await page.getByTestId('volunteer-work').getAttribute('data-volunteer');
    return { page, volunteer: volunteer ?? '' };
  };
  const reasonsOf = async (volunteer: string): Promise<string[]> =>
    (await entriesOf(home.client, run, 'lease-ended'))
      .filter(ended => ended.volunteer === volunteer)
      .map(({ why }) => why);

  it('is given back when its tab is closed', async () => {
    const { page: other } = await openHolding('Grace');
    const { page, volunteer } = await openHolding('Ada');
    // Not `close`, with which the driver lets go of the answer it holds: that may come in before the release.
    await page.goto('about:blank');
    await until(
      async () => (await reasonsOf(volunteer)).includes('the page was closed'),
      'the lease given back',
      SOON_MS,
    );
    expect((await home.client.run(run)).view.volunteers[volunteer]?.lease).toBeNull();
    await other.close();
  });

  it('is given back with the one beside it', async () => {
    const alone = await createBrowserRun(home.client, 1_000, 1);
    const page = await openVolunteer(browser, home.platform.origin, alone, 'Ada', 'wasm', async tab => {
      // An answer that never arrives: the next lease is worked on meanwhile.
      await tab.route(/\/leases\/[^/]+\/update$/, () => {});
    });
    const grants = () => entriesOf(home.client, alone, 'lease-granted');
    const ends = () => entriesOf(home.client, alone, 'lease-ended');
    await until(async () => (await grants()).length === 2, 'a second lease', 60_000);
    await page.goto('about:blank');
    await until(async () => (await ends()).length === 2, 'both given back', SOON_MS);
    expect((await ends()).map(({ why }) => why)).toEqual(Array(2).fill('the page was closed'));
    await page.close();
  });

  it('is given back when its trainer breaks, but for one whose answer is on its way; no other is taken', async () => {
    const alone = await createBrowserRun(home.client, 1_000, 1);
    const answers: Route[] = [];
    const page = await openVolunteer(browser, home.platform.origin, alone, 'Ada', 'wasm', async tab => {
      await tab.route(/\/leases\/[^/]+\/update$/, route => void answers.push(route));
    });
    const grants = () => entriesOf(home.client, alone, 'lease-granted');
    const ends = () => entriesOf(home.client, alone, 'lease-ended');
    const taken = () => entriesOf(home.client, alone, 'update-accepted');
    const second = await until(
      async () => answers.length === 1 && (await grants())[1],
      'a second lease while the first answer is on its way',
      60_000,
    );
    await page.workers()[0]?.evaluate(() => {
      setTimeout(() => {
        throw new Error('out of memory');
      });
    });
    await until(async () => (await ends()).length > 0, 'the lease given back', SOON_MS);
    expect(await ends()).toMatchObject([{ lease: second.lease, why: 'the trainer failed' }]);
    expect(await activityOf(page)).toBe('failed');
    await answers[0]?.continue();
    await until(async () => (await taken()).length === 1, 'the answer that was on its way', SOON_MS);
    // A loop that lived on would ask for the next lease.
    await new Promise(resolve => setTimeout(resolve, 2_000));
    expect(await grants()).toHaveLength(2);
    expect(await activityOf(page)).toBe('failed');
    await page.close();
  });
});
