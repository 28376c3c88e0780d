import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunHost } from '../../client/platform/run-host.ts';
import { hostPage, runPage } from '../../shared/protocol/paths.ts';
import { drawnFolder } from '../support/drawn-pictures.ts';
import { findBrowser } from '../support/find-browser.ts';
import { boundMs } from '../support/patience.ts';
import { faultsEverywhere, watchErrors } from '../support/shown-page.ts';
import { createTinyRun } from '../support/tiny-run.ts';
import { useBrowser } from '../support/use-browser.ts';

const executable = findBrowser();
const LONG = boundMs(60_000);

/** What a page shows only after somebody has done something: `pages.test.ts` has each page as it comes. */
describe.runIf(executable)('a page is sound for people who see, hear or type it', () => {
  const browser = useBrowser(executable);
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'homeroom-states-'));
    const broken = { path: 'shapes/discs/broken.png', bytes: Buffer.from('no picture') };
    for (const { path, bytes } of [...drawnFolder('shapes', 6), broken]) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), bytes);
    }
  });
  afterAll(() => rm(folder, { recursive: true }));

  const open = async (path: string): Promise<{ page: Page; errors: string[] }> => {
    const page = await browser.newPage();
    const errors = watchErrors(page);
    await page.goto(browser.origin + path);
    return { page, errors };
  };
  /** Those inside others come into sight only then. */
  async function unfoldAll(page: Page): Promise<void> {
    const folded = page.locator('main details:not([open]) > summary:visible');
    while ((await folded.count()) > 0) await folded.first().click();
  }
  async function expectSound({ page, errors }: { page: Page; errors: string[] }): Promise<void> {
    await unfoldAll(page);
    expect(await faultsEverywhere(page)).toEqual([]);
    expect(errors).toEqual([]);
  }

  it(
    'with data that were read, a file that could not be, and errors at fields',
    async () => {
      const shown = await open('/#/data');
      await shown.page.getByLabel('Choose a folder').last().setInputFiles(join(folder, 'shapes'));
      await shown.page.getByText('12 pictures in 2 classes.').waitFor();
      await shown.page.getByLabel('Size, pixels').fill('1');
      await shown.page.getByRole('button', { name: 'Upload' }).click();
      await shown.page.locator('[aria-invalid=true]').first().waitFor();
      await expectSound(shown);
    },
    LONG,
  );

  it(
    'of a run, for its host, with all that is folded away',
    async () => {
      const { run, hostKey } = await createTinyRun(browser.client);
      const shown = await open(hostPage(run, hostKey));
      await shown.page.getByText('This browser is the host now.').waitFor();
      await expectSound(shown);
    },
    LONG,
  );

  it(
    'of a run in which it trains, with all that is folded away',
    async () => {
      const run = await browser.createRun();
      const shown = await open(`${runPage(run)}?backend=wasm&name=Ada&join=1`);
      await shown.page.locator('.volunteers tbody tr').first().waitFor();
      await shown.page.getByTestId('pause-volunteering').click();
      await shown.page.locator('[data-activity=paused]').waitFor();
      await expectSound(shown);
    },
    LONG,
  );

  it(
    'of an archived run, for its host, and of a run that is deleted',
    async () => {
      const { run, hostKey } = await createTinyRun(browser.client);
      const host = new RunHost(browser.client, run, hostKey);
      await browser.client.control(run, 'pause', hostKey);
      await host.archive(true);
      const shown = await open(hostPage(run, hostKey));
      await shown.page.getByText('This browser is the host now.').waitFor();
      await expectSound(shown);
      await shown.page.getByText('This run is archived').first().waitFor();
      await host.deleteRun();
      await shown.page.locator('[role=alert]').first().waitFor();
      expect(await faultsEverywhere(shown.page)).toEqual([]);
    },
    LONG,
  );

  it(
    'if there is no such page, in both languages',
    async () => {
      const { page } = await open('/some/path');
      await page.getByText('Hier ist keine Seite').waitFor();
      expect(await faultsEverywhere(page)).toEqual([]);
    },
    LONG,
  );
});
