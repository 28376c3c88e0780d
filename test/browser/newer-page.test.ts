import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Platform, startPlatform } from '../../client/headless/local-platform/local-platform.ts';
import { packageRoot } from '../../client/headless/package-root.ts';
import { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import { entryOf } from '../../client/web/state/newer-page.ts';
import { runPage } from '../../shared/protocol/paths.ts';
import { createBrowserRun, withTrainer } from '../support/browser-run.ts';
import { findBrowser } from '../support/find-browser.ts';
import { boundMs } from '../support/patience.ts';
import { launchBrowser } from '../support/use-browser.ts';

const executablePath = findBrowser();

/** A platform whose pages another release replaces, at the same address. */
describe.skipIf(executablePath === null)('a tab of an older release', () => {
  let browser: Browser;
  let folder: string;
  let platform: Platform;

  beforeAll(async () => {
    browser = await launchBrowser(executablePath ?? '');
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'homeroom-release-'));
    cpSync(join(packageRoot, 'dist/web'), pages(), { recursive: true });
    platform = await startPlatform({
      folder: join(folder, 'data'),
      port: 0,
      pages: true,
      builtPages: pages(),
    });
  });
  afterEach(async () => {
    await platform.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const pages = (): string => join(folder, 'pages');

  /** The same pages under another name of their script. */
  async function deploy(): Promise<string> {
    const { port } = new URL(platform.origin);
    await platform.stop();
    const path = join(pages(), 'index.html');
    const html = readFileSync(path, 'utf8');
    const before = entryOf(html) ?? '';
    const after = before.replace(/-[^-]*\.js$/, '-newer000.js');
    renameSync(join(pages(), before), join(pages(), after));
    writeFileSync(path, html.replaceAll(before, after));
    platform = await startPlatform({
      ...{ folder: join(folder, 'data'), port: Number(port), pages: true, builtPages: pages() },
    });
    return after;
  }

  const createRun = (): Promise<string> =>
    withTrainer(trainer =>
      createBrowserRun(new HomeroomClient(platform.origin), trainer, { rounds: 1_000, minVolunteers: 1 }),
    );

  async function openPage(): Promise<Page> {
    const context = await browser.newContext();
    context.setDefaultTimeout(boundMs(30_000));
    await context.addInitScript(() => localStorage.setItem('homeroom:agreed-to-train', 'true'));
    const page = await context.newPage();
    await page.clock.install();
    return page;
  }

  const scriptOf = (page: Page): Promise<string | null> =>
    page.locator('script[type=module][src]').first().getAttribute('src');

  it('says that there is a newer version once its connection is back, and the button loads that', async () => {
    const page = await openPage();
    await page.goto(`${platform.origin}${runPage(await createRun())}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    const button = page.getByRole('button', { name: 'Load the newer version' });
    expect(await button.count()).toBe(0);
    const newer = await deploy();
    await button.click();
    await page.waitForFunction(entry => document.querySelector(`script[src="${entry}"]`) !== null, newer);
    expect(await button.count()).toBe(0);
    await page.context().close();
  });

  it('loads the newer version by itself between two tasks if nobody has touched it, and goes on training', async () => {
    const page = await openPage();
    const run = await createRun();
    await page.goto(`${platform.origin}${runPage(run)}?backend=wasm&name=Ada&join=1`);
    const atWork = page.locator('.session-link');
    await atWork.waitFor();
    const old = await scriptOf(page);
    const newer = await deploy();
    await page.getByRole('button', { name: 'Load the newer version' }).waitFor();
    expect(await scriptOf(page)).toBe(old);
    await page.clock.fastForward(120_000);
    await page.waitForFunction(entry => document.querySelector(`script[src="${entry}"]`) !== null, newer);
    await atWork.waitFor();
    const { view } = await new HomeroomClient(platform.origin).run(run);
    expect(Object.values(view.volunteers).map(({ name }) => name)).toEqual(['Ada']);
    await page.context().close();
  });
});
