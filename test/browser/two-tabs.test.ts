import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type BrowserPlatform,
  createBrowserRun,
  launchBrowser,
  openVolunteer,
  startBrowserPlatform,
  textOf,
} from '../support/browser-run.ts';
import { findBrowser } from '../support/find-browser.ts';
import { until } from '../support/poll.ts';

const executable = findBrowser();
const isRequired = process.env.CI !== undefined;
if (!executable)
  console.warn('\n!!! No Chrome or Chromium found: the browser suite does NOT run. Set CHROME_PATH.\n');

const ROUNDS = 6;

/** Waits until what a page or the platform says is so. */
const becomes = async <T>(ask: () => Promise<T>, isSo: (answer: T) => boolean, ms: number): Promise<void> => {
  await until(async () => isSo(await ask()), String(isSo), ms);
};

let browser: Browser;
let home: BrowserPlatform;

describe('the browser suite', () => {
  it('finds a browser, or is not required to', () => {
    expect(executable !== null || !isRequired).toBe(true);
  });
});

describe.runIf(executable)('two tabs, one on WASM and one on WebGPU', () => {
  let run: string;
  let wasm: Page;
  let webgpu: Page;
  const failures: string[] = [];
  const blobs: string[] = [];

  beforeAll(async () => {
    browser = await launchBrowser(executable ?? '');
    home = await startBrowserPlatform();
    run = await createBrowserRun(home.client, ROUNDS, 2);
    wasm = await openVolunteer(browser, home.platform.origin, run, 'Ada', 'wasm');
    webgpu = await openVolunteer(browser, home.platform.origin, run, 'Grace', 'webgpu');
    for (const page of [wasm, webgpu]) page.on('pageerror', error => failures.push(error.message));
    wasm.on('request', request => {
      const [, sha256] = /\/api\/blobs\/([0-9a-f]{64})/.exec(request.url()) ?? [];
      if (sha256) blobs.push(sha256);
    });
  });

  afterAll(async () => {
    await browser.close();
    await home.stop();
  });

  it('train the run to its end together, each on its own backend', async () => {
    await becomes(
      async () => (await home.client.run(run)).view.phase,
      phase => phase === 'finished',
      150_000,
    );
    const { view } = await home.client.run(run);
    const done = Object.values(view.volunteers).map(({ name, backend, updates }) => ({
      name,
      backend,
      served: updates > 0,
    }));
    expect(done).toEqual(
      expect.arrayContaining([
        { name: 'Ada', backend: 'wasm', served: true },
        { name: 'Grace', backend: 'webgpu', served: true },
      ]),
    );
    expect(view.refused).toBe(0);
    expect(failures).toEqual([]);
  });

  it('raise the accuracy, and the page’s numbers move with the run', async () => {
    const { view } = await home.client.run(run);
    expect(view.accuracy).toBeGreaterThan(0.3);
    for (const page of [wasm, webgpu]) {
      await becomes(
        () => textOf(page, 'phase'),
        phase => /finished/i.test(phase),
        10_000,
      );
      expect(await textOf(page, 'version')).toContain(String(ROUNDS));
      expect(Number(await page.getByTestId('accuracy').getAttribute('data-value'))).toBe(view.accuracy);
      expect(Number(await textOf(page, 'contributions'))).toBeGreaterThan(0);
    }
    expect(await textOf(wasm, 'backend')).toMatch(/wasm/i);
    expect(await textOf(webgpu, 'backend')).toMatch(/webgpu/i);
  });

  it('download no shard twice', () => {
    expect(blobs.length).toBeGreaterThan(0);
    expect(blobs).toHaveLength(new Set(blobs).size);
  });
});

describe.runIf(executable)('one tab', () => {
  let run: string;
  let page: Page;
  const activity = async (): Promise<string> =>
    (await page.getByTestId('volunteer-activity').getAttribute('data-activity')) ?? '';
  const click = (testid: string): Promise<void> => page.getByTestId(testid).click();

  beforeAll(async () => {
    browser = await launchBrowser(executable ?? '');
    home = await startBrowserPlatform();
    run = await createBrowserRun(home.client, 1_000, 1);
    page = await openVolunteer(browser, home.platform.origin, run, 'Ada', 'wasm');
  });

  afterAll(async () => {
    await browser.close();
    await home.stop();
  });

  const contributions = async (): Promise<number> => Number(await textOf(page, 'contributions'));

  it('pauses at once and resumes where it was', async () => {
    await becomes(contributions, count => count >= 2, 30_000);
    await click('pause-volunteering');
    await becomes(activity, now => now === 'paused', 10_000);
    const before = await contributions();
    await page.getByTestId('pause-volunteering').click();
    await becomes(contributions, count => count > before, 30_000);
  });

  it('comes back from a reload as the same volunteer and goes on, with its shards still there', async () => {
    const me = (): Promise<string | null> =>
      page.getByTestId('volunteer-work').getAttribute('data-volunteer');
    const before = await me();
    const asked: string[] = [];
    page.on('request', request => asked.push(request.url()));
    const { model } = await home.client.run(run);
    await page.reload();
    await becomes(contributions, count => count >= 1, 30_000);
    expect(await me()).toBe(before);
    expect(Object.keys((await home.client.run(run)).view.volunteers)).toHaveLength(1);
    const topologies = model.segments.map(segment => segment.topology);
    expect(asked.some(url => topologies.some(sha256 => url.includes(sha256)))).toBe(false);
  });

  it('finishes its task and stops when told to, and the run keeps what it gave', async () => {
    await click('finish-volunteering');
    await becomes(activity, now => now === 'stopped', 30_000);
    const { view } = await home.client.run(run);
    expect(view.refused).toBe(0);
    expect(Object.values(view.volunteers).every(volunteer => volunteer.lease === null)).toBe(true);
  });
});
