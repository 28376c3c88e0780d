import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runPage } from '../../shared/protocol/paths.ts';
import {
  type BrowserPlatform,
  createBrowserRun,
  launchBrowser,
  startBrowserPlatform,
} from '../support/browser-run.ts';
import { findBrowser } from '../support/find-browser.ts';
import { until } from '../support/poll.ts';

const executable = findBrowser();

/** Runs in pages and in workers: what the policy forbade is told on the console. */
const tellViolations = (): void => {
  addEventListener('securitypolicyviolation', event =>
    console.error(`forbidden: ${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`),
  );
};

describe.runIf(executable)('the pages’ security policy', () => {
  let browser: Browser;
  let home: BrowserPlatform;

  beforeAll(async () => {
    browser = await launchBrowser(executable ?? '');
    home = await startBrowserPlatform();
  });

  afterAll(async () => {
    await browser.close();
    await home.stop();
  });

  const openWatched = async (path: string): Promise<{ page: Page; violations: string[] }> => {
    const context = await browser.newContext();
    await context.addInitScript(tellViolations);
    const page = await context.newPage();
    const violations: string[] = [];
    page.on('console', message => {
      if (/^forbidden|Content Security Policy/.test(message.text())) violations.push(message.text());
    });
    // A thread that runs kernels never listens, and ends with the page.
    page.on('worker', worker => void worker.evaluate(tellViolations).catch(() => {}));
    await page.goto(home.platform.origin + path);
    return { page, violations };
  };

  it('comes with every page and script', async () => {
    const html = await fetch(home.platform.origin);
    const [script = ''] = /\/assets\/[\w.-]+\.js/.exec(await html.text()) ?? [];
    for (const { headers } of [html, await fetch(home.platform.origin + script)]) {
      expect(headers.get('content-security-policy')).toContain("default-src 'self'");
      expect(headers.get('content-security-policy')).not.toContain("'unsafe-eval'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      // A worker is isolated by the headers of its own script.
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    }
  });

  it('isolates pages from other sites, so that threads may share memory', async () => {
    const { page } = await openWatched('/');
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    await page.close();
  });

  it('lets a browser keep what is named by its hash for good, and nothing else', async () => {
    const html = await fetch(home.platform.origin);
    const [script = ''] = /\/assets\/[\w.-]+\.js/.exec(await html.text()) ?? [];
    const kept = await fetch(home.platform.origin + script);
    expect(kept.headers.get('cache-control')).toContain('immutable');
    expect(html.headers.get('cache-control') ?? '').not.toContain('immutable');
  });

  it('forbids what it should: the watch hears of it', async () => {
    const { page, violations } = await openWatched('/');
    await page.evaluate(() => {
      const script = document.createElement('script');
      script.src = 'https://elsewhere.example/x.js';
      document.head.append(script);
    });
    await until(async () => violations.length > 0, 'a violation', 10_000);
    await page.close();
  });

  it.each(['wasm', 'webgpu'])('lets a volunteer train on %s, and forbids nothing of it', async backend => {
    const run = await createBrowserRun(home.client, 1_000, 1);
    const { page, violations } = await openWatched(`${runPage(run)}?backend=${backend}&name=Ada&join=1`);
    await until(async () => (await home.client.run(run)).view.rounds.length >= 2, 'two rounds', 120_000);
    expect(await page.getByTestId('backend').textContent()).toContain(backend);
    await page.locator('.chart canvas').first().waitFor();
    await page.locator('.qr svg').waitFor();
    expect(violations).toEqual([]);
    await page.close();
  });

  it('lets a run be created in the page, and forbids nothing of it', async () => {
    const { page, violations } = await openWatched('/#/new');
    await page.getByLabel('Name').fill('Digits of room 12');
    await page.getByTestId('create-run').click();
    await page.getByTestId('phase').waitFor({ timeout: 60_000 });
    expect(violations).toEqual([]);
    await page.close();
  });
});
