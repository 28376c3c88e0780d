import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { findBrowser } from '../support/find-browser.ts';
import { useBrowser } from '../support/use-browser.ts';
import {
  bareFile,
  conv3,
  dense3,
  flatten,
  input3,
  keras3,
  sequential3,
} from '../unit/models/keras-models.ts';

type Layer = ReturnType<typeof keras3>;

const executable = findBrowser();

describe.runIf(executable)('a network that a host brings to the page', () => {
  const browser = useBrowser(executable);
  const scale = keras3('Rescaling', 'scale', { scale: 1 / 255, offset: 0 });
  const ends = [conv3('conv', 2, { strides: [3, 3] }), flatten, dense3('classes', 10)];

  async function create(...layers: readonly Layer[]): Promise<Page> {
    const page = await browser.newPage();
    await page.goto(`${browser.origin}/#/new`);
    await page.getByLabel('Name', { exact: true }).fill('An own network');
    const { modelJson } = bareFile(sequential3(input3([28, 28, 1]), ...layers));
    await page.locator('input[type=file]').setInputFiles({
      ...{ name: 'model.json', mimeType: 'application/json', buffer: Buffer.from(modelJson) },
    });
    await page.getByTestId('create-run').click();
    return page;
  }

  it('makes a run, and what was changed about it stays until its host goes on', async () => {
    const page = await create(scale, ...ends);
    const notes = page.getByTestId('network-notes').getByRole('listitem');
    await notes.first().waitFor();
    expect(await notes.allTextContents()).toEqual([
      'layer scale (Rescaling) left out: it is written for pictures in [0, 255], and here they are in [0, 1]',
      'the softmax of layer classes left out: the network is trained and exported with logits as its output',
    ]);
    await page.getByTestId('to-run').click();
    await page.getByRole('heading', { name: 'An own network' }).waitFor();
  });

  it('is refused at its field, with the layer and the setting', async () => {
    const page = await create(conv3('first', 2, { dilation_rate: [2, 2] }), ...ends);
    const error = page.getByTestId('error-ownModel');
    await error.filter({ hasText: 'layer first (Conv2D) has dilation_rate = [2,2]' }).waitFor();
    expect(await page.locator('[aria-invalid="true"]').getAttribute('name')).toBe('ownModel');
  });
});
