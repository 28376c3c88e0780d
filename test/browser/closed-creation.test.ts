import { describe, expect, it } from 'vitest';
import { findBrowser } from '../support/find-browser.ts';
import { useBrowser } from '../support/use-browser.ts';

const executable = findBrowser();

describe.runIf(executable)('the start page of a platform that wants a key for new runs', () => {
  const browser = useBrowser(executable, async () => ({
    RUN_CREATION: 'closed',
    DEPLOYMENT_KEY: 'a key of somebody',
  }));

  it('leads whoever would train in one click to the form, where the key is asked for', async () => {
    const page = await browser.newPage();
    await page.goto(`${browser.origin}/`);
    await page.getByRole('button', { name: 'Train digits with me' }).click();
    await page.getByRole('alert').getByRole('link', { name: 'Enter the key in the form' }).click();
    await page.getByTestId('create-run').waitFor();
    expect(new URL(page.url()).hash).toBe('#/new');
  });
});
