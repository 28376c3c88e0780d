import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { runPage } from '../../shared/protocol/paths.ts';
import { findBrowser } from '../support/find-browser.ts';
import { until } from '../support/poll.ts';
import { textOf, useBrowser } from '../support/use-browser.ts';

const executable = findBrowser();

/** A device that says what it likes of its battery: no driver of a browser can unplug one. */
const giveBattery = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    const battery = Object.assign(new EventTarget(), { charging: false });
    Object.assign(globalThis, { battery });
    Object.defineProperty(navigator, 'getBattery', { value: async () => battery });
  });

const plugIn = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const { battery } = globalThis as unknown as { battery: EventTarget & { charging: boolean } };
    battery.charging = true;
    battery.dispatchEvent(new Event('chargingchange'));
  });

const activityOf = (page: Page): Promise<string | null> =>
  page.getByTestId('volunteer-activity').getAttribute('data-activity');

const hasContributed = (page: Page, count: number) => async () =>
  Number(await textOf(page, 'contributions')) >= count;

describe.runIf(executable)('a guest', () => {
  const browser = useBrowser(executable);

  it('is asked first: a link alone makes nobody’s device work', async () => {
    const run = await browser.createRun();
    const page = await browser.newPage({ hasAgreed: false });
    const address = `${browser.origin}${runPage(run)}?join=1&backend=wasm&name=Ada`;
    await page.goto(address);
    await page.getByText('If you press the button below, this device helps to train').waitFor();
    await page.getByTestId('preflight').locator('summary').click();
    await page.getByText(/^One task downloads about/).waitFor();
    expect((await browser.client.run(run)).view.joined).toBe(0);
    await page.getByTestId('start-volunteering').click();
    await until(hasContributed(page, 1), 'a contribution');
  });

  it('that has stopped stays stopped after a reload, whatever the link says', async () => {
    const run = await browser.createRun();
    const page = await browser.openVolunteer(run);
    await until(hasContributed(page, 1), 'a contribution');
    await page.getByTestId('stop-volunteering').click();
    await page.getByTestId('start-volunteering').waitFor();
    await page.reload();
    await page.getByText('You stopped this browser the last time.').waitFor();
    expect(await page.getByTestId('volunteer-work').count()).toBe(0);
    await page.getByTestId('start-volunteering').click();
    await page.getByTestId('stop-volunteering').waitFor();
  });

  it('finds what it added after a reload, bytes too, and can show it', async () => {
    const run = await browser.createRun();
    const page = await browser.openVolunteer(run);
    await until(hasContributed(page, 2), 'two contributions');
    await page.reload();
    await until(hasContributed(page, 2), 'the contributions of before');
    await until(async () => (await textOf(page, 'bytes-up')) !== '0\u00a0B', 'the bytes of before');
    await page.getByText('Show what you added').click();
    const card = page.getByRole('img', { name: /^I helped to train/ });
    await card.waitFor();
    const saved = page.waitForEvent('download');
    await page.getByTestId('share-card').click();
    expect((await saved).suggestedFilename()).toBe('homeroom.png');
  });

  it('on battery rests and says so, trains if it is told to, and at the plug by itself', async () => {
    const run = await browser.createRun();
    const page = await browser.openVolunteer(run, { prepare: giveBattery });
    await page.getByText('It rests, because the device is on battery.').waitFor();
    await until(async () => (await activityOf(page)) === 'paused', 'it rests');
    await page.getByRole('button', { name: 'Train nevertheless' }).click();
    await until(hasContributed(page, 1), 'a contribution in spite of the battery');
    const other = await browser.openVolunteer(run, { name: 'Bob', prepare: giveBattery });
    await until(async () => (await activityOf(other)) === 'paused', 'the other one rests');
    await plugIn(other);
    await until(hasContributed(other, 1), 'a contribution at the plug');
  });

  it('with little effort still contributes, and can have more effort in the middle of a task', async () => {
    const run = await browser.createRun();
    const page = await browser.openVolunteer(run);
    await page.getByText('How this device helps').click();
    await page.getByTestId('effort').fill('10');
    await page.getByText('It works 10 % of the time and rests in between.').waitFor();
    const before = Number(await textOf(page, 'contributions'));
    await page.getByTestId('effort').press('End');
    await until(hasContributed(page, before + 2), 'two more contributions');
    await page.reload();
    await page.getByText('How this device helps').click();
    expect(await page.getByTestId('effort').inputValue()).toBe('100');
  });
});
