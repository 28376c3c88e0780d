import { expect, it } from 'vitest';
import { findBrowser } from '../support/find-browser.ts';

const executable = findBrowser();
const isRequired = process.env.CI !== undefined;
if (!executable)
  console.warn('\n!!! No Chrome or Chromium found: the browser suite does NOT run. Set CHROME_PATH.\n');

it('the browser suite finds a browser, or is not required to', () => {
  expect(executable !== null || !isRequired).toBe(true);
});
