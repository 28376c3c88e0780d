import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runPage } from '../../shared/protocol/paths.ts';
import { drawnFolder } from '../support/drawn-pictures.ts';
import { findBrowser } from '../support/find-browser.ts';
import { boundMs } from '../support/patience.ts';
import { until } from '../support/poll.ts';
import { serveFiles } from '../support/serve-files.ts';
import { watchErrors } from '../support/shown-page.ts';
import { takeScreenshots } from '../support/take-screenshots.ts';
import { textOf, useBrowser } from '../support/use-browser.ts';

const executable = findBrowser();

describe.runIf(executable)('a journey', () => {
  const browser = useBrowser(executable);
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'homeroom-journey-'));
    for (const { path, bytes } of drawnFolder('shapes', 20)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), bytes);
    }
  });
  afterAll(() => rm(folder, { recursive: true }));

  const contributed = (page: Page, count: number): Promise<unknown> =>
    until(async () => Number(await textOf(page, 'contributions')) >= count, `${count} contributions`);

  async function bringShapes(page: Page): Promise<void> {
    await page.goto(`${browser.origin}/#/data`);
    await page.getByLabel('Choose a folder').last().setInputFiles(join(folder, 'shapes'));
    await page.getByText('40 pictures in 2 classes.').waitFor();
    await page.getByLabel('Some pictures of squares').waitFor();
    await page.getByLabel('Size, pixels').fill('16');
    await page.getByLabel('Name', { exact: true }).fill('discs and squares');
    await takeScreenshots(page, 'host-1-data');
    await page.getByRole('button', { name: 'Upload' }).click();
    await page.getByRole('heading', { name: 'discs and squares is on this platform.' }).waitFor();
  }

  const picture = drawnFolder('one', 1)[0]?.bytes ?? Buffer.of();

  /** What the network on the page makes of a picture: classes with their shares. */
  async function askAbout(page: Page, buffer: Buffer): Promise<string> {
    await page.getByText('Picture', { exact: true }).click();
    await page
      .getByTestId('choose-picture')
      .setInputFiles({ name: 'one.png', mimeType: 'image/png', buffer });
    await page.getByTestId('first-guess').waitFor();
    return textOf(page, 'guesses');
  }

  it(
    'leads a host from own pictures to a network that is taken away, and no error is told',
    async () => {
      const page = await browser.newPage({ hasAgreed: false });
      const errors = watchErrors(page);
      await bringShapes(page);
      await page.getByRole('link', { name: 'Make a run with it' }).click();
      expect(await page.locator('[name=dataset]').inputValue()).toBe('discs and squares');
      await page.getByLabel('Rounds', { exact: true }).fill('3');
      await takeScreenshots(page, 'host-2-form');
      await page.getByTestId('create-run').click();
      await page.getByTestId('start-volunteering').click();
      await page.locator('[data-phase=finished]').first().waitFor();
      expect(await page.getByTestId('accuracy').getAttribute('data-version')).toBe('3');
      await takeScreenshots(page, 'host-3-finished');
      const saved = page.waitForEvent('download');
      await page.getByTestId('download-zip').click();
      const zip = unzipSync(new Uint8Array(await readFile(await (await saved).path())));
      expect(Object.keys(zip)).toEqual(
        expect.arrayContaining(['model.json', 'metadata.json', 'index.html', 'model.safetensors']),
      );
      const said = await askAbout(page, picture);
      expect(said).toMatch(/^(discs\d+\.\d %squares|squares\d+\.\d %discs)\d+\.\d %$/);
      const site = await serveFiles(zip);
      try {
        await page.goto(site.origin);
        expect(await askAbout(page, picture)).toBe(said);
        await takeScreenshots(page, 'host-3b-taken-away');
      } finally {
        site.close();
      }
      expect(errors).toEqual([]);
    },
    boundMs(120_000),
  );

  it('leads a visitor with the link to help, to rest and to leave, and no error is told', async () => {
    const run = await browser.createRun();
    const page = await browser.newPage({ hasAgreed: false });
    const errors = watchErrors(page);
    await page.goto(browser.origin + runPage(run));
    await page.getByTestId('preflight').locator('summary').click();
    await takeScreenshots(page, 'visitor-1-asked');
    await page.getByTestId('start-volunteering').click();
    await contributed(page, 2);
    await takeScreenshots(page, 'visitor-2-at-work');
    await page.getByTestId('pause-volunteering').click();
    await page.locator('[data-activity=paused]').waitFor();
    await page.getByTestId('stop-volunteering').click();
    await page.getByTestId('start-volunteering').waitFor();
    await takeScreenshots(page, 'visitor-3-stopped');
    expect(errors).toEqual([]);
  });
});
