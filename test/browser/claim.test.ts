import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../shared/math/sha256.ts';
import { encodeUtf8 } from '../../shared/math/utf8.ts';
import { findBrowser } from '../support/find-browser.ts';
import { takeScreenshots } from '../support/take-screenshots.ts';
import { useBrowser } from '../support/use-browser.ts';

const executable = findBrowser();
const CLAIM = 'ab'.repeat(32);

describe.runIf(executable)('a platform that was just deployed', () => {
  const browser = useBrowser(executable, async () => ({
    ...{ RUN_CREATION: 'closed', DEPLOYMENT_KEY: '', TOKEN_SECRET: '' },
    ...{ CLAIM_HASH: sha256Hex(encodeUtf8(CLAIM)), CLAIM_ENDS: '99999999999999' },
  }));

  it('has no owner until somebody opens the link of the deploy; then its key creates runs, and the link is used', async () => {
    const page = await browser.newPage();
    await page.goto(`${browser.origin}/`);
    await page.getByRole('button', { name: 'Train digits with me' }).click();
    await page.getByText('Nobody owns this platform yet.').waitFor();

    await page.goto(`${browser.origin}/#/claim/${CLAIM}`);
    const heading = page.getByRole('heading', { name: 'Become the owner' });
    await heading.waitFor();
    // The claim stands in no history and no picture of the screen.
    expect(page.url()).not.toContain(CLAIM);
    await page.getByRole('button', { name: 'Become the owner' }).click();
    const key = page.getByRole('textbox', { name: 'Deployment key' });
    expect(await key.inputValue()).toMatch(/^owner-[0-9a-f]{64}$/);
    await page.getByLabel('Keep the key in this browser').check();
    await takeScreenshots(page, 'claim-2-owner');

    await page.goto(`${browser.origin}/`);
    await page.getByRole('button', { name: 'Train digits with me' }).click();
    await page.waitForURL(/#\/runs\//);

    const other = await browser.newPage();
    await other.goto(`${browser.origin}/#/claim/${CLAIM}`);
    await other.getByRole('note').filter({ hasText: 'has an owner already' }).waitFor();
    await other.getByRole('button', { name: 'Become the owner' }).click();
    expect(await other.getByRole('alert').textContent()).toContain('this claim was used already');
  });

  it('says what to do if the address has no claim, or a wrong one', async () => {
    const page = await browser.newPage();
    await page.goto(`${browser.origin}/#/claim`);
    await page.getByText('This address has no claim in it.').waitFor();
    await page.goto(`${browser.origin}/#/claim/abc`);
    await page.getByRole('button', { name: 'Become the owner' }).click();
    expect(await page.getByRole('alert').textContent()).toContain('copy the whole link');
  });
});
