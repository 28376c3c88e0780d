import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { createNonce } from '../../client/platform/create-nonce.ts';
import { RunHost } from '../../client/platform/run-host.ts';
import { hostPage, keyPage, runPage } from '../../shared/protocol/paths.ts';
import { findBrowser } from '../support/find-browser.ts';
import { until } from '../support/poll.ts';
import { createTinyRun } from '../support/tiny-run.ts';
import { textOf, useBrowser } from '../support/use-browser.ts';

const executable = findBrowser();

const keptIn = (page: Page): Promise<string> =>
  page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));

describe.runIf(executable)('whoever comes to a run', () => {
  const browser = useBrowser(executable);
  const phone = { viewport: { width: 390, height: 844 } };

  it('with a wrong join code finds it selected in its field, which says what is wrong, and the right one lets them in', async () => {
    const { client, origin } = browser;
    const { run } = await createTinyRun(client, { joinCode: 'sesame' });
    const page = await browser.newPage({ ...phone, hasAgreed: false });
    await page.goto(`${origin}${runPage(run)}?backend=cpu`);
    await page.getByLabel('Your name, as others see it').fill('Ada');
    await page.getByLabel('Join code, from the host').fill('simsalabim');
    await page.getByTestId('start-volunteering').click();
    const code = page.getByLabel('Join code, from the host');
    await page.getByText('This is not the join code of this run.').waitFor();
    expect(await code.inputValue()).toBe('simsalabim');
    expect(await code.getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByLabel('Your name, as others see it').inputValue()).toBe('Ada');
    expect(await page.getByTestId('volunteer-work').count()).toBe(0);
    await until(() => page.evaluate(() => getSelection()?.toString() === 'simsalabim'), 'the code, selected');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('join-code');
    const isSeen = await page.evaluate(() => {
      const { top = -1, bottom = -1 } =
        document.getElementById('join-code-error')?.getBoundingClientRect() ?? {};
      return top >= 0 && bottom <= innerHeight;
    });
    expect(isSeen).toBe(true);
    await page.keyboard.type('Sesame');
    await page.keyboard.press('Enter');
    const names = async () => Object.values((await client.run(run)).view.volunteers).map(({ name }) => name);
    await until(async () => (await names()).includes('Ada'), 'Ada in the run');
  });

  it('[KEY3] by a referee’s link whose key is none is told so, joins as nobody, and keeps no key', async () => {
    const { client, origin } = browser;
    const { run } = await createTinyRun(client, { joinCode: 'sesame' });
    const page = await browser.newPage();
    const key = 'f'.repeat(64);
    await page.goto(`${origin}${keyPage(run, key)}&join=1&name=Ann&backend=cpu`);
    await page.getByTestId('referee-key-wrong').waitFor();
    expect((await client.run(run)).view.volunteers).toEqual({});
    expect(await keptIn(page)).not.toContain(key);
    // Without a key the code is asked for again.
    expect(await page.getByLabel('Join code, from the host').getAttribute('required')).not.toBeNull();
  });

  it.each(['host', 'key'] as const)(
    'by a link whose %s= is cut off is told so, and it is kept nowhere',
    async name => {
      const { run } = await createTinyRun(browser.client);
      const page = await browser.newPage();
      // Nobody is made an ordinary volunteer without a word, though the link asks the browser to train.
      const asks = name === 'key' ? '&join=1&backend=cpu' : '';
      await page.goto(`${browser.origin}${runPage(run)}?${name}=abc123${asks}`);
      const told = { host: 'This link does not make you the host of this run', key: 'is none of this run’s' };
      await page.getByText(told[name]).waitFor();
      await page.getByTestId('start-volunteering').waitFor();
      expect(page.url()).not.toContain('abc123');
      expect(await keptIn(page)).not.toContain('abc123');
    },
  );

  it('as host whose key an older release kept at this computer’s other name gets it from there', async () => {
    const { client, origin } = browser;
    const { run, hostKey } = await createTinyRun(client);
    const page = await browser.newPage(phone);
    // What is no page is served at any name, so it has a memory of that name.
    await page.goto(`http://localhost:${new URL(origin).port}/api/runs`);
    await page.evaluate(
      ([key = '', text = '']) => localStorage.setItem(key, JSON.stringify(text)),
      [`homeroom:host-key:${run}`, hostKey],
    );
    await page.goto(`${origin}${runPage(run)}?name=Ada`);
    await page.getByText('I am the host').click();
    await page.getByTestId('other-name').getByRole('link').click();
    await page.getByText('This browser is the host now.').waitFor();
    await page.getByRole('heading', { name: 'Host', exact: true }).waitFor();
    expect(page.url()).toBe(`${origin}${runPage(run)}?name=Ada`);
  });

  it('[KEY4] as host whose key was renewed elsewhere is told so, and takes part without it', async () => {
    const { client, origin } = browser;
    const { run, hostKey } = await createTinyRun(client);
    const page = await browser.newPage(phone);
    await page.goto(`${origin}${hostPage(run, hostKey)}&backend=cpu`);
    await page.getByRole('heading', { name: 'Host', exact: true }).waitFor();
    await new RunHost(client, run, hostKey).renewHostKey(createNonce());
    await page.getByTestId('start-volunteering').click();
    const told = page.getByTestId('turned-away');
    await told.getByText('The host key in this browser does not open this run any more').waitFor();
    expect((await client.run(run)).view.volunteers).toEqual({});
    await told.getByRole('button', { name: 'Forget it in this browser' }).click();
    await page.getByText('I am the host').waitFor();
    expect(await told.count()).toBe(0);
    await page.getByTestId('start-volunteering').click();
    const joined = async () => Object.values((await client.run(run)).view.volunteers)[0];
    expect(await until(joined, 'the volunteer')).toMatchObject({ referee: false });
  });

  it('[KEY2] and is put out while the run is paused hears so at once, and is not offered the name of before', async () => {
    const { client, origin } = browser;
    const { run, hostKey } = await createTinyRun(client);
    const page = await browser.newPage();
    await page.goto(`${origin}${runPage(run)}?join=1&name=Eve&backend=cpu`);
    const eve = await until(
      async () => Object.values((await client.run(run)).view.volunteers)[0]?.volunteer,
      'Eve in the run',
    );
    await client.control(run, 'pause', hostKey);
    await until(async () => (await textOf(page, 'volunteer-activity')) === 'Waiting', 'the pause');
    await new RunHost(client, run, hostKey).removeVolunteer(eve);
    const isTold = async (): Promise<void> => {
      await page.getByTestId('turned-away').getByText('The host has removed Eve').waitFor();
      await page.getByTestId('start-volunteering').getByText('Start training').waitFor();
      expect(await page.getByLabel('Your name, as others see it').inputValue()).not.toBe('Eve');
    };
    await isTold();
    // The link asks the browser to train, and still names Eve.
    await page.reload();
    await isTold();
  });
});
