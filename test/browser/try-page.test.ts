import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { unzipSync } from 'fflate';
import type { FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runPage, tryPage } from '../../shared/protocol/paths.ts';
import { drawnFolder, pngHeader } from '../support/drawn-pictures.ts';
import { dropFiles } from '../support/drop-files.ts';
import { findBrowser } from '../support/find-browser.ts';
import { until } from '../support/poll.ts';
import { faultsEverywhere } from '../support/shown-page.ts';
import { takeScreenshots } from '../support/take-screenshots.ts';
import { textOf, useBrowser } from '../support/use-browser.ts';

const executable = findBrowser();

/** Where a visitor looks: a page, or a frame of one. */
type Place = Page | FrameLocator;

/** Draws a seven with the mouse. */
async function drawSeven(page: Page, place: Place = page): Promise<void> {
  const pad = place.getByTestId('draw-pad');
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  if (!box) throw new Error('there is nothing to draw on');
  const at = (x: number, y: number): [number, number] => [box.x + x * box.width, box.y + y * box.height];
  await page.mouse.move(...at(0.25, 0.2));
  await page.mouse.down();
  await page.mouse.move(...at(0.75, 0.2), { steps: 5 });
  await page.mouse.move(...at(0.45, 0.85), { steps: 5 });
  await page.mouse.up();
}

/** The answer once the whole drawing is answered: classes with their shares. */
async function settledAnswer(place: Place): Promise<string> {
  await place.getByTestId('first-guess').waitFor();
  const read = async (): Promise<string> => (await place.getByTestId('guesses').textContent()) ?? '';
  let before = '';
  return until(async () => {
    const now = await read();
    const isSettled = now === before && now !== '';
    before = now;
    return isSettled ? now : null;
  }, 'an answer that stays');
}

const isPicture = async (page: Page): Promise<boolean> =>
  page
    .locator('.network-sees canvas')
    .evaluate(
      canvas =>
        canvas instanceof HTMLCanvasElement &&
        new Set(canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data).size > 3,
    );

describe.runIf(executable)('a visitor', () => {
  const browser = useBrowser(executable);
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'homeroom-try-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const openRun = async (run: string): Promise<Page> => {
    const page = await browser.newPage();
    await page.goto(browser.origin + runPage(run));
    return page;
  };

  /** The zip of version 0, and the files in it in a folder. */
  async function downloadZip(run: string): Promise<string> {
    const page = await openRun(run);
    const saved = page.waitForEvent('download');
    await page.getByTestId('download-zip').click();
    const path = join(folder, `${run}.zip`);
    await (await saved).saveAs(path);
    for (const [name, bytes] of Object.entries(unzipSync(new Uint8Array(await readFile(path)))))
      await writeFile(join(folder, name), bytes);
    return path;
  }

  it('draws a digit on a run and hears what its newest version makes of it, and again of a newer one', async () => {
    const run = await browser.createRun();
    const page = await openRun(run);
    await drawSeven(page);
    expect(await settledAnswer(page)).toMatch(/^(\d\d+\.\d %){5}$/);
    expect(await isPicture(page)).toBe(true);
    expect(await textOf(page, 'answering-version')).toContain('Version 0');
    await takeScreenshots(page, 'try-1-drawn');
    await browser.openVolunteer(run);
    await until(
      async () => !(await textOf(page, 'answering-version')).includes('Version 0'),
      'a newer version’s answer',
    );
  });

  it('is answered by the trainer that trains in the same tab', async () => {
    const run = await browser.createRun();
    const page = await browser.openVolunteer(run);
    await until(async () => Number(await textOf(page, 'contributions')) > 0, 'a contribution');
    const workers = page.workers().length;
    await drawSeven(page);
    await settledAnswer(page);
    expect(page.workers().length).toBe(workers);
    const before = Number(await textOf(page, 'contributions'));
    await until(async () => Number(await textOf(page, 'contributions')) > before, 'training goes on');
  });

  it('asks by keyboard, with a test picture, and is told what it really is', async () => {
    const page = await openRun(await browser.createRun());
    const ways = page.getByRole('radio', { name: 'Draw' });
    await ways.focus();
    for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight');
    await page.getByRole('button', { name: /^Test picture 1:/ }).focus();
    await page.keyboard.press('Enter');
    await settledAnswer(page);
    await page.getByText(/^That is (right|wrong): it is \d\.$/).waitFor();
  });

  it('is told what is wrong with a picture, and the tab lives', async () => {
    const page = await openRun(await browser.createRun());
    await page.getByText('Picture', { exact: true }).click();
    const give = (name: string, buffer: Buffer) =>
      page.getByTestId('choose-picture').setInputFiles({ name, mimeType: 'image/png', buffer });
    await give('notes.png', Buffer.from('no picture at all'));
    await page.getByText('notes.png is no PNG, JPEG or WebP picture. Choose another picture').waitFor();
    await give('huge.png', pngHeader(20_000, 20_000));
    await page.getByText(/huge\.png has 400 megapixels/).waitFor();
    await page.getByText('Test pictures', { exact: true }).first().click();
    await page.getByRole('button', { name: /^Test picture 2:/ }).click();
    await settledAnswer(page);
  });

  it('tests the newest version on their own device, class by class', async () => {
    const page = await openRun(await browser.createRun());
    await page.getByTestId('test-here-start').click();
    await page.getByText(/Tested on this device at .* of version 0, on 96 pictures/).waitFor();
    const counts = await page.locator('.confusion-table td').allTextContents();
    const [sum, right] = [counts, counts.filter((_, i) => i % 11 === 0)].map(cells =>
      cells.reduce((total, cell) => total + (Number(cell) || 0), 0),
    );
    expect(sum).toBe(96);
    const shown = await page.locator('.test-accuracy').textContent();
    expect(shown).toBe(`${((100 * (right ?? 0)) / 96).toFixed(1)} %`);
    expect(await page.getByTestId('wrong-answers').locator('li').count()).toBe(
      Math.min(60, 96 - (right ?? 0)),
    );
  });

  it('meets the network in a frame of another site’s page', async () => {
    const run = await browser.createRun();
    const site = createServer((_, response) =>
      response
        .setHeader('content-type', 'text/html')
        .end(
          `<meta name="viewport" content="width=device-width"><iframe src="${browser.origin}${tryPage(run)}" width="100%" height="700"></iframe>`,
        ),
    );
    await once(site.listen(0, '127.0.0.1'), 'listening');
    try {
      const page = await browser.newPage();
      await page.goto(`http://other.localhost:${(site.address() as AddressInfo).port}`);
      const frame = page.frameLocator('iframe');
      await drawSeven(page, frame);
      expect(await settledAnswer(frame)).toContain('%');
      await takeScreenshots(page, 'try-3-embedded');
    } finally {
      site.close();
    }
  });

  it('drops a picture anywhere on the panel', async () => {
    const path = join(folder, 'dropped.png');
    await writeFile(path, drawnFolder('dropped', 1)[0]?.bytes ?? '');
    const page = await openRun(await browser.createRun());
    await page.getByText('Picture', { exact: true }).click();
    await dropFiles(page.locator('.try-board'), [path]);
    await settledAnswer(page);
    expect(await isPicture(page)).toBe(true);
    await takeScreenshots(page, 'try-2-picture');
  });

  it('shows the camera what they hold, and the camera is off as soon as it is no more asked for', async () => {
    const page = await openRun(await browser.createRun());
    await page.getByText('Camera', { exact: true }).click();
    await page.getByRole('button', { name: 'Start the camera' }).click();
    await page.getByText(/^This page may not use the camera\./).waitFor();
    await page.context().grantPermissions(['camera']);
    await page.getByRole('button', { name: 'Start the camera' }).click();
    await page.getByTestId('first-guess').waitFor();
    expect(await isPicture(page)).toBe(true);
    const video = await page.locator('video').elementHandle();
    await page.getByText('Draw', { exact: true }).click();
    const isOff = () =>
      video?.evaluate(
        element =>
          element instanceof HTMLVideoElement &&
          element.srcObject instanceof MediaStream &&
          element.srcObject.getTracks().every(({ readyState }) => readyState === 'ended'),
      );
    await until(isOff, 'the camera is off');
  });

  it('opens the page in the zip without any platform, and it says what the run’s page says', async () => {
    const run = await browser.createRun();
    const zip = await downloadZip(run);
    const own = await browser.newPage();
    await own.goto(browser.origin + tryPage(run));
    await drawSeven(own);
    const said = await settledAnswer(own);

    const alone = await browser.newPage();
    await alone.context().setOffline(true);
    await alone.goto(pathToFileURL(join(folder, 'index.html')).href);
    await drawSeven(alone);
    expect(await settledAnswer(alone)).toBe(said);
    expect(await faultsEverywhere(alone)).toEqual([]);

    const dropped = await browser.newPage();
    await dropped.goto(`${browser.origin}/try/`);
    await dropped.getByTestId('choose-model').setInputFiles(zip);
    await drawSeven(dropped);
    expect(await settledAnswer(dropped)).toBe(said);
    expect(await faultsEverywhere(dropped)).toEqual([]);
  });

  it('opens an exported network that lies on another site', async () => {
    await downloadZip(await browser.createRun());
    const site = createServer((request, response) => {
      response.setHeader('access-control-allow-origin', '*');
      readFile(join(folder, new URL(request.url ?? '/', 'http://any').pathname)).then(
        bytes => response.end(bytes),
        () => response.writeHead(404).end(),
      );
    });
    await once(site.listen(0, '127.0.0.1'), 'listening');
    try {
      const address = `http://127.0.0.1:${(site.address() as AddressInfo).port}/`;
      const page = await browser.newPage();
      await page.goto(`${browser.origin}/try/?model=${encodeURIComponent(address)}`);
      await page.getByText('This network comes from 127.0.0.1').waitFor();
      await drawSeven(page);
      expect(await settledAnswer(page)).toContain('%');
      await page.goto(`${browser.origin}/try/?model=${encodeURIComponent(`${address}nowhere/`)}`);
      await page
        .getByText(/This network cannot be opened: .*nowhere\/model\.json could not be loaded/)
        .waitFor();
    } finally {
      site.close();
    }
  });

  it('of a run that there is not reads that', async () => {
    const page = await browser.newPage();
    await page.goto(`${browser.origin}/try/nosuchrun1`);
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toContain('There is no run with this id');
  });
});
