import { existsSync } from 'node:fs';

const CANDIDATES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** A Chrome or Chromium on this machine, `CHROME_PATH` first; null where there is none. */
export const findBrowser = (): string | null =>
  [process.env.CHROME_PATH ?? '', ...CANDIDATES].find(path => path !== '' && existsSync(path)) ?? null;
