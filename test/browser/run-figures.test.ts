import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { createNonce } from '../../client/platform/create-nonce.ts';
import { ledgerEntriesSchema } from '../../shared/protocol/events.ts';
import { runPage } from '../../shared/protocol/paths.ts';
import { findBrowser } from '../support/find-browser.ts';
import { publishedVersion, until } from '../support/poll.ts';
import { createTinyRun, joinMany, train } from '../support/tiny-run.ts';
import { textOf, useBrowser } from '../support/use-browser.ts';

const executable = findBrowser();

const unknownDevice = { backend: 'cpu', macsPerSecond: 0, memoryMB: 0 };

describe.runIf(executable)('the figures on the page of a run', () => {
  const browser = useBrowser(executable);

  /** A run with three versions, and its page. */
  const openFigures = async (width = 1_280) => {
    const { client } = browser;
    const policy = { updatesPerRound: 2, evaluators: 'referees' } as const;
    const tiny = await createTinyRun(client, { spec: { plan: { name: 'conventional' }, rounds: 9, policy } });
    const pair = await joinMany(client, tiny.run, 2);
    for (const version of [1, 2, 3]) {
      for (const volunteer of pair) await train(client, tiny, volunteer, () => version / 8);
      await publishedVersion(client, tiny.run, version);
    }
    await client.join(tiny.run, { name: 'W'.repeat(40), device: unknownDevice, nonce: createNonce() });
    const page = await browser.newPage();
    await page.setViewportSize({ width, height: 800 });
    await page.goto(browser.origin + runPage(tiny.run));
    await page.locator('.u-over').first().waitFor();
    return { tiny, page };
  };

  const readingOf = (page: Page) => page.getByTestId('chart-reading').last();

  it('are read in a chart by mouse, by finger and by keyboard', async () => {
    const { page } = await openFigures();
    const plot = page.locator('.u-over').last();
    const reads = (text: string) =>
      until(async () => (await readingOf(page).textContent())?.startsWith(text), `it reads ${text}`);
    await reads('Latest, round 3');
    const { width = 0, height = 0 } = (await plot.boundingBox()) ?? {};
    await plot.hover({ position: { x: 2, y: height / 2 } });
    await reads('Round 1');
    await plot.hover({ position: { x: width / 2, y: height / 2 } });
    await reads('Round 2');
    await page.mouse.move(0, 0);
    await reads('Latest');
    await plot.dispatchEvent('pointerdown', { pointerType: 'touch', buttons: 1, clientX: 0 });
    await reads('Round 1');
    await plot.dispatchEvent('pointerleave', { pointerType: 'touch' });
    await reads('Round 1');
    await page.getByRole('application').last().focus();
    await page.keyboard.press('End');
    await reads('Round 3');
    await page.keyboard.press('ArrowLeft');
    await reads('Round 2');
    await until(
      async () => (await page.getByTestId('chart-said').last().textContent())?.startsWith('Round 2'),
      'it is said aloud',
    );
  });

  it('go along the time, and do so again after a reload', async () => {
    const { page } = await openFigures();
    await page.getByTestId('charts-along').selectOption('time');
    await until(async () => (await readingOf(page).textContent())?.includes('after 0:0'), 'the time is told');
    await page.reload();
    await page.locator('.u-over').first().waitFor();
    expect(await page.getByTestId('charts-along').inputValue()).toBe('time');
    expect(await readingOf(page).textContent()).toContain('after 0:0');
  });

  it('are all in the ledger, which can be had as JSON and as a table', async () => {
    const { page, tiny } = await openFigures();
    const fileOf = async (kind: string): Promise<string> => {
      const coming = page.waitForEvent('download');
      await page.getByTestId(`ledger-${kind}`).click();
      const download = await coming;
      expect(download.suggestedFilename()).toBe(`ledger-${tiny.run}.${kind}`);
      return readFile(await download.path(), 'utf8');
    };
    const entries = ledgerEntriesSchema.parse(JSON.parse(await fileOf('json')));
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, i) => i + 1));
    expect(entries.filter(({ event }) => event.type === 'version-published')).toHaveLength(3);
    const [head, ...rows] = (await fileOf('csv')).trimEnd().split('\r\n');
    expect(head).toMatch(/^seq,at,type,/);
    expect(rows.length).toBeGreaterThanOrEqual(entries.length);
  });

  it('say how far a run came that was finished early, and nothing of what is over', async () => {
    const { page, tiny } = await openFigures();
    expect(await textOf(page, 'round')).toMatch(/^Round 4 of /);
    // The second time finishes a run whose last version is still to be tested.
    for (let i = 0; i < 2; i++)
      await browser.client.control(tiny.run, 'finish', tiny.hostKey).catch(() => {});
    await until(async () => (await textOf(page, 'phase')) === 'finished', 'the run is over');
    expect(await textOf(page, 'round')).toMatch(/^3 of \d+ rounds done$/);
    expect(await textOf(page, 'accuracy')).toBe('not tested');
    expect(await page.getByRole('progressbar').count()).toBe(0);
    expect(await page.getByRole('heading', { name: 'Invite' }).count()).toBe(0);
    expect(await page.getByText('waiting').count()).toBe(0);
  });

  it('fit a phone, and say where a table goes on', async () => {
    const { page } = await openFigures(320);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    await page.getByTestId('scroll-hint').first().waitFor();
  });

  it('have a heading even if there is no such run, and a way out', async () => {
    const page = await browser.newPage();
    await page.goto(`${browser.origin}${runPage('nosuchrun')}`);
    await page.getByRole('heading', { level: 1, name: 'This run cannot be shown' }).waitFor();
    await page.getByRole('alert').waitFor();
    expect(await page.locator('main').getByRole('link', { name: 'All runs' }).count()).toBe(1);
  });
});
