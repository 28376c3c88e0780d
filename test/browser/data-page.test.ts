import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { zipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findDataset } from '../../client/platform/data-list.ts';
import { decodePart } from '../../shared/datasets/part.ts';
import { type HostedDataset, splitExamples } from '../../shared/protocol/dataset.ts';
import { drawnFolder, type PictureFile, pngHeader } from '../support/drawn-pictures.ts';
import { dropFiles } from '../support/drop-files.ts';
import { findBrowser } from '../support/find-browser.ts';
import { takeScreenshots } from '../support/take-screenshots.ts';
import { useBrowser } from '../support/use-browser.ts';

const executable = findBrowser();

const asZip = (files: readonly PictureFile[]): Buffer =>
  Buffer.from(zipSync(Object.fromEntries(files.map(({ path, bytes }) => [path, new Uint8Array(bytes)]))));

describe.runIf(executable)('the page for data', () => {
  const browser = useBrowser(executable);
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'homeroom-pictures-'));
    for (const { path, bytes } of drawnFolder('shapes', 20)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), bytes);
    }
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function openPage(): Promise<{ page: Page; errors: string[] }> {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('pageerror', error => errors.push(error.message));
    await page.goto(`${browser.origin}/#/data`);
    await page.getByTestId('drop-zone').waitFor();
    return { page, errors };
  }

  const chooseFiles = (page: Page, name: string, buffer: Buffer): Promise<void> =>
    page.getByLabel('Choose files').last().setInputFiles({ name, mimeType: '', buffer });

  async function hostedSet(name: string): Promise<HostedDataset> {
    const found = (await findDataset(browser.client, name)) ?? undefined;
    if (found?.kind !== 'hosted') throw new Error(`there is no data set ${name}`);
    return found;
  }

  it('leads a host from own pictures to a run with them', async () => {
    const { page, errors } = await openPage();
    await page.getByLabel('Choose a folder').last().setInputFiles(join(folder, 'shapes'));
    await page.getByText('40 pictures in 2 classes.').waitFor();
    await page.getByLabel('Some pictures of squares').waitFor();
    await page.getByLabel('Name of class 1').fill('round');
    await page.getByLabel('Size, pixels').fill('16');
    await page.getByLabel('Colour', { exact: true }).selectOption('grey');
    await page.getByText('16 pixels high, grey.').waitFor();
    await page.getByLabel('Name', { exact: true }).fill('own shapes');
    await page.getByRole('button', { name: 'Upload' }).click();
    await page.getByRole('heading', { name: 'own shapes is on this platform.' }).waitFor();
    await page.getByRole('link', { name: 'Make a run with it' }).click();
    await page.locator('[name=dataset]').selectOption('own shapes');
    await page.locator('input[name=name]').fill('Round or square');
    await page.getByTestId('create-run').click();
    await page.getByRole('heading', { name: 'Round or square' }).waitFor();
    expect(errors).toEqual([]);

    const dataset = await hostedSet('own shapes');
    expect(dataset).toMatchObject({
      ...{ shape: { height: 16, width: 16, channels: 1 }, classes: 2, classNames: ['round', 'squares'] },
    });
    expect([splitExamples(dataset, 'train'), splitExamples(dataset, 'test')]).toEqual([32, 8]);
    const part = decodePart(await browser.client.getBlob(dataset.test[0]?.sha256 ?? ''));
    if (!part.ok) throw new Error(part.detail);
    // The corners are what lies behind the shapes: 216 to 235 of red, and 235 of green and blue.
    const corners = [...part.value.labels.keys()].map(i => part.value.pixels[i * 256] ?? 0);
    expect(corners.every(grey => grey >= 229 && grey <= 235)).toBe(true);
  });

  it('takes a folder that is dropped on it, with the folders in it', async () => {
    const { page, errors } = await openPage();
    await takeScreenshots(page, 'data-1-empty');
    await dropFiles(page.getByTestId('drop-zone'), [join(folder, 'shapes')]);
    await page.getByText('40 pictures in 2 classes.').waitFor();
    expect(await page.getByLabel('Name of class 2').inputValue()).toBe('squares');
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('shapes');
    expect(errors).toEqual([]);
  });

  it('is walked through by keyboard alone', async () => {
    const { page } = await openPage();
    const tabTo = async (name: string): Promise<void> => {
      for (let steps = 0; steps < 80; steps++) {
        await page.keyboard.press('Tab');
        const found = await page.evaluate(wanted => {
          const { activeElement: active } = document;
          const label = active instanceof HTMLInputElement ? active.labels?.[0]?.textContent : null;
          return [active?.getAttribute('aria-label'), label, active?.textContent].includes(wanted);
        }, name);
        if (found) return;
      }
      throw new Error(`Tab never comes to ${name}`);
    };
    const chooseByKey = async (): Promise<void> => {
      await tabTo('Choose files');
      await page.keyboard.press('Enter');
    };
    // A choice that comes in the same moment as the wait for it is missed.
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), chooseByKey()]);
    await chooser.setFiles({
      ...{ name: 'typed shapes.zip', mimeType: '', buffer: asZip(drawnFolder('typed', 12)) },
    });
    await page.getByText('24 pictures in 2 classes.').waitFor();
    await tabTo('Name of class 2');
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('boxes');
    await tabTo('Name');
    await page.keyboard.press('Enter');
    const title = page.getByRole('heading', { name: 'typed shapes is on this platform.' });
    await title.waitFor();
    expect(await title.evaluate(element => element === document.activeElement)).toBe(true);
    await tabTo('Make a run with it');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/#/new?dataset=typed+shapes');
    expect((await hostedSet('typed shapes')).classNames).toEqual(['discs', 'boxes']);
  });

  it('lists what cannot be decoded, and uploads the rest', async () => {
    const { page, errors } = await openPage();
    const files = [
      ...drawnFolder('mixed', 6),
      { path: 'mixed/discs/huge.png', bytes: Buffer.concat([pngHeader(10_000, 10_000), Buffer.alloc(99)]) },
      {
        path: 'mixed/discs/cut.png',
        bytes: (drawnFolder('mixed', 1)[0]?.bytes ?? Buffer.of()).subarray(0, 60),
      },
      { path: 'mixed/squares/text.jpg', bytes: Buffer.from('no picture at all') },
      { path: 'mixed/squares/again.png', bytes: drawnFolder('mixed', 8).at(-7)?.bytes ?? Buffer.of() },
    ];
    await chooseFiles(page, 'mixed.zip', asZip(files));
    await page.getByTestId('found-classes').waitFor();
    await page.getByRole('button', { name: 'Upload' }).click();
    await page.getByTestId('uploaded').waitFor();
    const problems = (await page.getByTestId('problems').textContent()) ?? '';
    expect(problems).toMatch(/huge\.png.*megapixels/);
    expect(problems).toMatch(/text\.jpg/);
    expect(problems).toMatch(/cut\.png.*decoded/);
    expect(problems).toMatch(/There more than once: 1/);
    const dataset = await hostedSet('mixed');
    expect(splitExamples(dataset, 'train') + splitExamples(dataset, 'test')).toBe(12);
    expect(errors).toEqual([]);
  });

  it.each([
    ['a file that is no data set', 'notes.md', Buffer.from('# Notes')],
    ['a zip that is none', 'broken.zip', Buffer.alloc(2_000, 7)],
    ['a zip bomb', 'bomb.zip', asZip([{ path: 'bomb/a/a.png', bytes: Buffer.alloc(150_000_000) }])],
    ['a table of one class', 'one.csv', Buffer.from('label,a,b\n1,2,3\n1,4,5\n')],
    ['an empty file', 'empty.csv', Buffer.alloc(0)],
    ['a table of ragged rows', 'ragged.csv', Buffer.from('label,a\n1\n2,3,4\n3,4,5,6\n')],
    [
      '10,000 classes',
      'many.csv',
      Buffer.from(`label,a\n${Array.from({ length: 10_000 }, (_, i) => `c${i},${i}`).join('\n')}\n`),
    ],
  ])('says in words what is wrong with %s, and goes on', async (_, name, buffer) => {
    const { page, errors } = await openPage();
    await chooseFiles(page, name, buffer);
    const problem = (await page.getByTestId('source-problem').textContent()) ?? '';
    expect(problem.length).toBeGreaterThan(20);
    await chooseFiles(page, 'after.zip', asZip(drawnFolder('after', 3)));
    await page.getByText('6 pictures in 2 classes.').waitFor();
    expect(errors).toEqual([]);
  });

  it('finds everything again after a look at another page', async () => {
    const { page } = await openPage();
    await chooseFiles(page, 'kept.zip', asZip(drawnFolder('kept', 3)));
    await page.getByLabel('Name', { exact: true }).fill('kept for later');
    await page.getByRole('link', { name: 'Homeroom' }).click();
    await page.getByRole('link', { name: 'Data' }).click();
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('kept for later');
  });

  it.each([320, 390, 1_280, 1_920])('is no wider than a screen of %i pixels', async width => {
    const { page } = await openPage();
    await page.setViewportSize({ width, height: 800 });
    const long = `a${'long'.repeat(12)}name`;
    await chooseFiles(page, `${long}.zip`, asZip(drawnFolder('wide', 3)));
    await page.getByLabel('Some pictures of squares').waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  });
});
