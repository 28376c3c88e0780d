import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { findBrowser } from '../support/find-browser.ts';
import { entriesOf, until } from '../support/poll.ts';
import { textOf, useBrowser } from '../support/use-browser.ts';

const executable = findBrowser();

const UPDATE = /\/leases\/[^/]+\/update$/;

describe.runIf(executable)('an update that a tab has trained', () => {
  const browser = useBrowser(executable);

  const accepted = async (run: string): Promise<string[]> =>
    (await entriesOf(browser.client, run, 'update-accepted')).map(({ lease }) => lease);

  /** A tab whose uploads come to nothing, once it says so. */
  const openCutOff = async (run: string): Promise<Page> => {
    const page = await browser.openVolunteer(run, {
      prepare: tab => tab.route(UPDATE, route => route.abort()),
    });
    await page.getByTestId('volunteer-unsent').waitFor();
    return page;
  };

  const volunteerOf = (page: Page): Promise<string | null> =>
    page.getByTestId('volunteer-work').getAttribute('data-volunteer');

  it('is kept while the platform does not answer, which the page says, and sent by the page when it is loaded again', async () => {
    const run = await browser.createRun();
    const page = await openCutOff(run);
    expect(await textOf(page, 'volunteer-unsent')).toMatch(
      /^The platform does not answer; (the update is|\d updates are) kept and will be sent\.$/,
    );
    const [first] = await entriesOf(browser.client, run, 'lease-granted');
    expect(await accepted(run)).toEqual([]);
    const volunteer = await volunteerOf(page);
    await page.reload();
    // Only now, so that the page of before has not sent it.
    await page.unroute(UPDATE);
    await until(async () => (await accepted(run)).includes(first?.lease ?? ''), 'the update of before');
    await until(async () => (await volunteerOf(page)) === volunteer, 'the same volunteer');
    expect((await accepted(run)).filter(lease => lease === first?.lease)).toHaveLength(1);
    // Else its volunteer would be granted the same work once more, and what comes of that is refused.
    const ended = await entriesOf(browser.client, run, 'lease-ended');
    expect(ended.map(({ lease }) => lease)).not.toContain(first?.lease);
  });

  it('is sent by another tab of the profile if its own was closed, and by no other if it is open', async () => {
    const run = await browser.createRun();
    const page = await openCutOff(run);
    const [first] = await entriesOf(browser.client, run, 'lease-granted');
    // In a run of its own, for what it trains would close the rounds in which that update counts.
    const elsewhere = await browser.createRun();
    const other = await page.context().newPage();
    await other.goto(page.url().replace(run, elsewhere));
    await until(async () => (await accepted(elsewhere)).length > 0, 'an update of the other tab');
    expect(await accepted(run)).toEqual([]);
    await page.close();
    await other.reload();
    await until(
      async () => (await accepted(run)).includes(first?.lease ?? ''),
      'the update of the closed tab',
    );
    expect((await accepted(run)).filter(lease => lease === first?.lease)).toHaveLength(1);
  });
});
