import { describe, expect, it } from 'vitest';
import { createNonce } from '../../client/platform/create-nonce.ts';
import { paths, runPage } from '../../shared/protocol/paths.ts';
import { findBrowser } from '../support/find-browser.ts';
import { until } from '../support/poll.ts';
import { textOf, useBrowser } from '../support/use-browser.ts';

const executable = findBrowser();

const unknownDevice = { backend: 'cpu', macsPerSecond: 0, memoryMB: 0 };

describe.runIf(executable)('the page of a run', () => {
  const browser = useBrowser(executable);

  it('waits out a platform that is overloaded for a moment', async () => {
    const run = await browser.createRun();
    const page = await browser.newPage();
    await page.route(`**${paths.run(run)}`, route => route.fulfill({ status: 503, body: 'overloaded' }), {
      times: 1,
    });
    await page.goto(browser.origin + runPage(run));
    await page.getByRole('alert').waitFor();
    await page.getByTestId('phase').waitFor();
    expect(await textOf(page, 'phase')).toBe('open');
  });

  it('cuts long names on a phone, and lets no accents of a name draw over another row', async () => {
    const headers = [];
    for (const name of ['a', `a${'\u0301'.repeat(39)}`]) {
      const run = await browser.createRun();
      for (const each of [name, 'W'.repeat(40)])
        await browser.client.join(run, { name: each, device: unknownDevice, nonce: createNonce() });
      const page = await browser.newPage();
      await page.setViewportSize({ width: 360, height: 740 });
      await page.goto(browser.origin + runPage(run));
      const long = page.getByTestId('volunteer-row').nth(1).locator('.clipped');
      expect(await long.evaluate(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)).toBe(true);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
      const header = await page.getByRole('columnheader', { name: 'Name' }).screenshot();
      headers.push(header.toString('base64'));
    }
    expect(headers[1]).toBe(headers[0]);
  });

  it('says why a volunteer waits', async () => {
    const page = await browser.openVolunteer(await browser.createRun({ minVolunteers: 2 }));
    await page.getByTestId('volunteer-note').waitFor();
    await until(async () => (await textOf(page, 'volunteer-activity')) === 'Waiting', 'it waits');
    expect(await textOf(page, 'volunteer-note')).toBe('waiting for volunteers: 1 of 2');
  });

  it('of a plan chosen in the form, shows the heads that stay in the network', async () => {
    const page = await browser.newPage();
    await page.goto(`${browser.origin}/#/new`);
    await page.getByLabel('Name', { exact: true }).fill('adding up');
    await page.getByText('Choose another network, your own, or another plan').click();
    await page.locator('input[type=radio][value="cnn-tiny"]').check();
    await page.locator('input[type=radio][value="growing-together"]').check();
    await page.getByText('Settings of growing-together').click();
    await page.getByLabel('Which segments decide').selectOption('all of them, added up; heads stay');
    await page.getByTestId('create-run').click();
    expect(await textOf(page, 'segment-head-1')).toContain('added to the network’s last exit');
    expect(await textOf(page, 'segment-segment-1')).not.toContain('added to');
  });

  it('loads the trainer again where it could not be loaded ahead', async () => {
    const page = await browser.newPage();
    await page.route(/trainer-thread/, route => route.abort(), { times: 1 });
    await page.goto(browser.origin + runPage(await browser.createRun()));
    const failed = page.waitForEvent('requestfailed', request => request.url().includes('trainer-thread'));
    await page.getByTestId('start-volunteering').hover();
    await failed;
    await page.getByTestId('start-volunteering').click();
    // Joined: its trainer has started.
    await page.locator('[data-testid=volunteer-work]:not([data-volunteer=""])').waitFor();
  });
});
