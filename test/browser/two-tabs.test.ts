import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { findBrowser } from '../support/find-browser.ts';
import { boundMs } from '../support/patience.ts';
import { until } from '../support/poll.ts';
import { textOf, useBrowser } from '../support/use-browser.ts';
import { watchViolations } from '../support/watch-violations.ts';

const executable = findBrowser();

const ROUNDS = 3;

describe.runIf(executable)('two tabs, one on WASM and one on WebGPU', () => {
  const browser = useBrowser(executable);

  /** What the page says of a run that has ended. */
  const endOf = async (page: Page) => ({
    version: await textOf(page, 'version'),
    accuracy: Number(await page.getByTestId('accuracy').getAttribute('data-value')),
    backend: await textOf(page, 'backend'),
    hasContributed: Number(await textOf(page, 'contributions')) > 0,
  });

  it('train the run to its end together, each on its own backend, and each page tells how it ended', async () => {
    const run = await browser.createRun({ rounds: ROUNDS, minVolunteers: 2 });
    const failures: string[] = [];
    const watch = async (page: Page): Promise<void> => {
      page.on('pageerror', error => failures.push(error.message));
      await watchViolations(page, failures);
    };
    const wasm = await browser.openVolunteer(run, { prepare: watch });
    const webgpu = await browser.openVolunteer(run, { name: 'Grace', backend: 'webgpu', prepare: watch });
    const hasEnded = async () => (await browser.client.run(run)).view.phase === 'finished';
    await until(hasEnded, 'the end of the run', boundMs(120_000));
    const { view } = await browser.client.run(run);
    expect(view.why).toBe('rounds');
    // A device that is slow for a moment may return its update behind the last round, which takes it no more.
    const late = ['stale', 'run-not-open'];
    expect(view.refusals.filter(({ reason }) => !late.includes(reason))).toEqual([]);
    expect(view.accuracy).toBeGreaterThan(0.3);
    for (const [page, backend] of [
      [wasm, 'wasm'],
      [webgpu, 'webgpu'],
    ] as const) {
      await until(async () => /finished/i.test(await textOf(page, 'phase')), 'the page to tell of the end');
      expect(await endOf(page)).toEqual({
        version: String(ROUNDS),
        accuracy: view.accuracy,
        backend: expect.stringContaining(backend),
        hasContributed: true,
      });
    }
    const served = Object.values(view.volunteers).map(({ name, backend }) => `${name} on ${backend}`);
    expect(served.toSorted()).toEqual(['Ada on wasm', 'Grace on webgpu']);
    expect(failures).toEqual([]);
  });
});
