import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { findBrowser } from '../support/find-browser.ts';
import { until } from '../support/poll.ts';
import { faultsEverywhere } from '../support/shown-page.ts';
import { textOf, useBrowser } from '../support/use-browser.ts';

const executable = findBrowser();

describe.runIf(executable)('the page that makes a run', () => {
  const browser = useBrowser(executable);

  const open = async (hash = '#/new'): Promise<Page> => {
    const page = await browser.newPage();
    await page.goto(`${browser.origin}/${hash}`);
    await page.getByTestId('create-run').waitFor();
    return page;
  };
  const runOf = async (page: Page): Promise<string> => {
    await page.waitForURL(/#\/runs\//);
    return /#\/runs\/([a-z0-9]+)/.exec(page.url())?.[1] ?? '';
  };

  it('makes one from defaults, with a name and what suits, and keeps its key', async () => {
    const page = await open();
    await page.getByTestId('create-run').click();
    const run = await runOf(page);
    const { spec, model, view } = await browser.client.run(run);
    // The form and its button are gone. The focus is not lost with them.
    await page.getByRole('heading', { level: 1, name: spec.name }).waitFor();
    await page.waitForFunction(() => document.activeElement?.tagName === 'H1');
    expect(spec.name).toMatch(/^Digits, /);
    expect(model.name).toBe('cnn');
    expect(view.phase).toBe('open');
    expect(await page.evaluate(key => localStorage.getItem(key), `homeroom:host-key:${run}`)).not.toBeNull();
    expect(await page.evaluate(() => localStorage.getItem('homeroom:new-run-draft'))).toBeNull();
  });

  it('makes one of digits at one click, and this tab trains it', async () => {
    const page = await open();
    await page.getByTestId('quick-run').click();
    const run = await runOf(page);
    await until(async () => Number(await textOf(page, 'contributions')) >= 1 || null, 'a contribution');
    expect((await browser.client.run(run)).view.accepted).toBeGreaterThan(0);
  });

  it('makes one of a ready-made table, whose rows are uploaded on the way', async () => {
    const page = await open('#/new?dataset=penguins');
    await page.getByTestId('create-run').click();
    const { spec, model } = await browser.client.run(await runOf(page));
    expect([spec.dataset.name, model.name, model.inputShape]).toEqual(['penguins', 'mlp', [1, 4, 1]]);
  });

  it('is sound with all that it folds away, and with errors', async () => {
    const page = await open();
    for (const summary of await page.locator('main summary').all()) await summary.click();
    await page.getByLabel('Rounds', { exact: true }).fill('0');
    await page.getByTestId('create-run').click();
    await page.getByTestId('error-summary').waitFor();
    expect(await faultsEverywhere(page)).toEqual([]);
  });

  it('measures this device, and says how long the run takes here', async () => {
    const page = await open();
    await page.getByTestId('measure-device').click();
    const told = await page.getByTestId('run-length').textContent();
    expect(told).toMatch(/^About \d+ (s|min|h) with one device like this one/);
    await page.reload();
    expect(await page.getByTestId('run-length').textContent()).toBe(told);
  });

  it('is cancelled on the way, and nothing is there', async () => {
    const page = await open();
    const before = (await browser.client.listRuns()).length;
    await page.getByLabel('Name', { exact: true }).fill('Cancelled');
    await page.getByTestId('create-run').click();
    await page.getByTestId('cancel-creation').click();
    await page.getByText('Nothing was created.').waitFor();
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Cancelled');
    expect(await browser.client.listRuns()).toHaveLength(before);
  });

  it('refuses a wrong field by keyboard alone: the focus goes there, and the run is made once it is right', async () => {
    const page = await open();
    await page.getByLabel('Rounds', { exact: true }).focus();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('0');
    await page.keyboard.press('Enter');
    await page.getByTestId('error-summary').waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('field-rounds');
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('3');
    await page.keyboard.press('Enter');
    const { spec } = await browser.client.run(await runOf(page));
    expect(spec.rounds).toBe(3);
  });

  it('refuses a wrong field at a press of the pointer too: the line that says so does not take the button away', async () => {
    const page = await open();
    await page.getByLabel('Rounds', { exact: true }).fill('0');
    await page.getByTestId('create-run').click();
    await page.waitForFunction(() => document.activeElement?.id === 'field-rounds');
    expect(await textOf(page, 'error-rounds')).toBe('At least 1.');
  });

  it('clones a run with its settings', async () => {
    const first = await browser.createRun({ rounds: 3 });
    const page = await open(`#/new?from=${first}`);
    await page.getByText('These are the settings of').waitFor();
    await page.getByTestId('create-run').click();
    const { spec, model } = await browser.client.run(await runOf(page));
    const original = await browser.client.run(first);
    expect(model.name).toBe(original.model.name);
    expect({ ...spec, name: '', robust: {}, root: 0, aggregation: '' }).toEqual({
      ...{ ...original.spec, name: '', robust: {}, root: 0, aggregation: '' },
    });
  });

  it('says at the field of one’s own network what is wrong with it before anything is sent', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'homeroom-own-'));
    await writeFile(join(folder, 'model.h5'), '\u0089HDF', 'latin1');
    const page = await open();
    const sent: string[] = [];
    page.on('request', request => request.method() !== 'GET' && sent.push(request.url()));
    await page.locator('input[type=file]').setInputFiles(join(folder, 'model.h5'));
    await until(async () => (await textOf(page, 'error-ownModel')) || null, 'an error at the field');
    expect(await textOf(page, 'error-ownModel')).toContain('tensorflowjs_converter --input_format=keras');
    await page.getByTestId('create-run').click();
    await page.getByTestId('error-summary').waitFor();
    expect(sent).toEqual([]);
  });
});
