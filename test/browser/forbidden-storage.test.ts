import { describe, expect, it } from 'vitest';
import { findBrowser } from '../support/find-browser.ts';
import { useBrowser } from '../support/use-browser.ts';

const executable = findBrowser();

/** As Chromium does if a person forbids all that sites keep: the word alone throws. */
const forbidStorage = (): void => {
  for (const name of ['localStorage', 'sessionStorage'])
    Object.defineProperty(globalThis, name, {
      configurable: true,
      get: () => {
        throw new DOMException('forbidden', 'SecurityError');
      },
    });
};

describe.runIf(executable)('a browser that forbids storage', () => {
  const browser = useBrowser(executable);

  it('shows the pages, and tells the host of a new run to copy the key', async () => {
    const page = await browser.newPage({ hasAgreed: false });
    const errors: string[] = [];
    page.on('pageerror', error => errors.push(error.message));
    await page.addInitScript(forbidStorage);
    await page.goto(`${browser.origin}/`);
    await page.getByTestId('abilities').getByText('This browser keeps nothing').waitFor();
    await page.goto(`${browser.origin}/#/new`);
    await page.getByTestId('create-run').click();
    await page.getByTestId('host-key-not-kept').waitFor();
    await page.getByRole('button', { name: 'Finish…' }).waitFor();
    expect(errors).toEqual([]);
  });
});
