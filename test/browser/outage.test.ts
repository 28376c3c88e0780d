import { describe, expect, it } from 'vitest';
import { rest } from '../../client/platform/rest.ts';
import { findBrowser } from '../support/find-browser.ts';
import { boundMs } from '../support/patience.ts';
import { until } from '../support/poll.ts';
import { textOf, useBrowser } from '../support/use-browser.ts';

const executable = findBrowser();

/** By then whoever tries again rests for more than seven seconds between two attempts. */
const LONG_OUTAGE_MS = 20_000;

describe.runIf(executable)('a tab whose network is away for a while', () => {
  const browser = useBrowser(executable);

  it('says so, sends what it trained meanwhile as soon as there is one, and goes on', async () => {
    const run = await browser.createRun();
    const page = await browser.openVolunteer(run);
    const contributions = async () => Number(await textOf(page, 'contributions'));
    await until(async () => (await contributions()) > 1, 'two contributions', boundMs(60_000));
    const says = async (id: string, words: RegExp) =>
      (await page.getByTestId(id).count()) > 0 && words.test(await textOf(page, id));
    const tellPage = async (error: Error): Promise<never> => {
      throw new Error(`${error.message}; it says: ${await page.locator('main').textContent()}`);
    };
    /** Between two tasks there is nothing to send. Then it is tried again. */
    const isCutInATask = async () => {
      await until(() => says('volunteer-activity', /Training/), 'a task');
      await page.context().setOffline(true);
      await until(() => says('volunteer-note', /no network/), 'the page to say so').catch(tellPage);
      if (await says('volunteer-unsent', /is kept/)) return true;
      await page.context().setOffline(false);
      return false;
    };
    await until(isCutInATask, 'an update that waits', boundMs(60_000));
    const before = await contributions();
    await rest(LONG_OUTAGE_MS);
    await page.context().setOffline(false);
    await until(async () => (await contributions()) > before, 'what was trained offline', boundMs(5_000));
    await until(() => says('volunteer-activity', /Training/i), 'the next task', boundMs(6_000));
    const { view } = await browser.client.run(run);
    expect(view.refused).toBe(0);
    expect(view.away).toEqual({});
  }, 150_000);
});
