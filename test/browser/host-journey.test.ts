import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { runPage } from '../../shared/protocol/paths.ts';
import { findBrowser } from '../support/find-browser.ts';
import { boundMs } from '../support/patience.ts';
import { until } from '../support/poll.ts';
import { watchErrors } from '../support/shown-page.ts';
import { takeScreenshots } from '../support/take-screenshots.ts';
import { textOf, useBrowser } from '../support/use-browser.ts';

const executable = findBrowser();

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } as const;

describe.runIf(executable)('a journey', () => {
  const browser = useBrowser(executable);

  const inPhase = (page: Page, phase: string): Promise<void> =>
    page.locator(`[data-phase=${phase}]`).first().waitFor();

  async function createWithCode(page: Page): Promise<string> {
    await page.goto(`${browser.origin}/#/new`);
    await page.getByLabel('Name', { exact: true }).fill('Signs');
    await page.getByText('More settings').click();
    await page.getByLabel('Join code').fill('k7pq2m');
    await page.getByTestId('create-run').click();
    await page.getByRole('heading', { level: 1, name: 'Signs' }).waitFor();
    expect(await textOf(page, 'join-code')).toBe('k7pq2m');
    return /#\/runs\/([a-z0-9]+)/.exec(page.url())?.[1] ?? '';
  }

  /** A phone that joins by the link, with the code typed as phones like to: its first letter is a capital. */
  async function joinByPhone(run: string): Promise<Page> {
    const phone = await browser.newPage({ ...PHONE, hasAgreed: false });
    await phone.goto(browser.origin + runPage(run));
    await phone.getByLabel(/^Join code/).fill('K7pq2m');
    await phone.getByLabel('Your name, as others see it').fill('Ben');
    await takeScreenshots(phone, 'phone-1-asked');
    await phone.getByTestId('start-volunteering').tap();
    await until(async () => Number(await textOf(phone, 'contributions')) > 0, 'a contribution of the phone');
    await takeScreenshots(phone, 'phone-2-at-work');
    return phone;
  }

  async function openAsHost(link: string): Promise<Page> {
    const other = await browser.newPage();
    await other.goto(link);
    await other.getByText('This browser is the host now.').waitFor();
    await other.getByRole('heading', { name: 'Host', exact: true }).waitFor();
    return other;
  }

  it(
    'leads a host through all that a host can do, while a phone helps, and no error is told',
    async () => {
      const page = await browser.newPage({ hasAgreed: false });
      const errors = watchErrors(page);
      const run = await createWithCode(page);
      await takeScreenshots(page, 'host-4-created');
      const phone = await joinByPhone(run);

      await page.getByTestId('host-pause').click();
      await Promise.all([inPhase(page, 'paused'), inPhase(phone, 'paused')]);
      await takeScreenshots(page, 'host-5-paused');
      await page.getByTestId('host-resume').click();
      await Promise.all([inPhase(page, 'open'), inPhase(phone, 'open')]);

      await page.getByRole('button', { name: 'Rename Ben…' }).click();
      await page.getByLabel(/^New name/).fill('Kim');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('rowheader', { name: /Kim/ }).waitFor();

      await page.getByText('Be the host in another browser too').click();
      await page.getByTestId('show-host-link').click();
      await takeScreenshots(page, 'host-6-link');
      const other = await openAsHost(
        await page.getByLabel('Link with the rights of the host').last().inputValue(),
      );
      await other.getByRole('button', { name: 'Remove Kim…' }).click();
      await other.getByRole('button', { name: 'Remove Kim for good' }).click();
      await phone.getByText('The host has removed Kim from this run').first().waitFor();
      await takeScreenshots(phone, 'phone-3-removed');

      await other.getByTestId('host-finish').click();
      await other.getByTestId('host-finish-yes').click();
      await inPhase(page, 'finished');
      await page.getByText('List, archive or delete').click();
      await page.getByTestId('host-archive').click();
      await page.getByText('This run is archived').first().waitFor();
      await takeScreenshots(page, 'host-7-archived');
      expect((await browser.client.listRuns()).map(listed => listed.run)).not.toContain(run);

      await page.getByTestId('host-delete').click();
      await page.getByTestId('host-delete-yes').click();
      await page.getByRole('button', { name: 'Train digits with me' }).waitFor();
      await other.getByText('the host has deleted this run').first().waitFor();
      expect(errors).toEqual([]);
    },
    boundMs(120_000),
  );
});
