import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { runPage } from '../../shared/protocol/paths.ts';
import { findBrowser } from '../support/find-browser.ts';
import { until } from '../support/poll.ts';
import { useBrowser } from '../support/use-browser.ts';
import { watchViolations } from '../support/watch-violations.ts';

const executable = findBrowser();

/** Of a volunteer on WebGPU, two-tabs.test.ts. */
describe.runIf(executable)('the pages’ security policy', () => {
  const browser = useBrowser(executable);

  const openWatched = async (path: string): Promise<{ page: Page; violations: string[] }> => {
    const page = await browser.newPage();
    const violations: string[] = [];
    await watchViolations(page, violations);
    await page.goto(browser.origin + path);
    return { page, violations };
  };

  it('comes with every page and script', async () => {
    const html = await fetch(browser.origin);
    const [script = ''] = /\/assets\/[\w.-]+\.js/.exec(await html.text()) ?? [];
    for (const { headers } of [html, await fetch(browser.origin + script)]) {
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
  });

  it('lets a browser keep what is named by its hash for good, and nothing else', async () => {
    const html = await fetch(browser.origin);
    const [script = ''] = /\/assets\/[\w.-]+\.js/.exec(await html.text()) ?? [];
    const kept = await fetch(browser.origin + script);
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
    await until(async () => violations.length > 0, 'a violation');
  });

  it('lets a volunteer train on wasm, and forbids nothing of it', async () => {
    const run = await browser.createRun();
    const { page, violations } = await openWatched(`${runPage(run)}?backend=wasm&name=Ada&join=1`);
    await until(async () => (await browser.client.run(run)).view.rounds.length >= 2, 'two rounds');
    expect(await page.getByTestId('backend').textContent()).toContain('wasm');
    await page.locator('.chart canvas').first().waitFor();
    await page.locator('.qr svg').waitFor();
    expect(violations).toEqual([]);
  });

  it('lets a run be created in the page, and forbids nothing of it', async () => {
    const { page, violations } = await openWatched('/#/new');
    await page.getByLabel('Name').fill('Digits of room 12');
    await page.getByTestId('create-run').click();
    await page.getByTestId('phase').waitFor();
    expect(violations).toEqual([]);
  });
});
