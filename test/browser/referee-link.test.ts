import { describe, expect, it } from 'vitest';
import { RunHost } from '../../client/platform/run-host.ts';
import { keyPage } from '../../shared/protocol/paths.ts';
import { findBrowser } from '../support/find-browser.ts';
import { until } from '../support/poll.ts';
import { createTinyRun } from '../support/tiny-run.ts';
import { textOf, useBrowser } from '../support/use-browser.ts';

const executable = findBrowser();

describe.runIf(executable)('a referee’s link', () => {
  const browser = useBrowser(executable);

  it('[KEY1] [KEY3] makes this browser a referee without the join code, its key is sent in no address, and revoked it ends the work', async () => {
    const { client, origin } = browser;
    const { run, hostKey } = await createTinyRun(client, { joinCode: 'sesame' });
    const host = new RunHost(client, run, hostKey);
    const { key, id } = await host.makeKey({ label: 'Ann', lastsMs: 3_600_000 });
    const page = await browser.newPage();
    const asked: string[] = [];
    page.on('request', request => asked.push(request.url(), request.headers().referer ?? ''));
    await page.goto(`${origin}${keyPage(run, key)}&join=1&name=Ann&backend=cpu`);
    const ann = await until(
      async () => Object.values((await client.run(run)).view.volunteers)[0],
      'the referee',
    );
    expect(ann).toMatchObject({ name: 'Ann', referee: true });
    expect(page.url()).not.toContain(key);
    expect(asked.filter(url => url.includes(key) && !url.includes('#'))).toEqual([]);
    await host.revokeKey(id);
    await page.getByRole('alert').getByText('The host has removed Ann').waitFor();
  });

  it('of the host’s tab: if that is paused while others train, it still hears its user', async () => {
    const host = await browser.newPage();
    await host.goto(browser.origin);
    await host.getByTestId('quick-start').click();
    await until(async () => Number(await textOf(host, 'contributions')) > 0, 'a contribution');
    await host.getByTestId('pause-volunteering').click();
    await until(async () => (await textOf(host, 'volunteer-activity')) === 'Paused', 'the pause');
    const run = /#\/runs\/([a-z0-9]+)/.exec(host.url())?.[1] ?? '';
    const { version } = (await browser.client.run(run)).view;
    await browser.openVolunteer(run, { name: 'Bob' });
    const goesOn = async () => {
      const { view } = await browser.client.run(run);
      return view.checking !== undefined || view.version > version;
    };
    await until(goesOn, 'a version that is to be checked');
    await host.getByTestId('pause-volunteering').focus();
    await host.keyboard.press('Enter');
    await until(async () => (await textOf(host, 'volunteer-activity')) !== 'Paused', 'the work');
    // The focus is where it was, and goes on to what follows when its button goes.
    expect(await host.evaluate(() => document.activeElement?.textContent)).toBe('Pause');
    await host.getByTestId('stop-volunteering').focus();
    await host.keyboard.press('Enter');
    await host.getByTestId('start-volunteering').waitFor();
    expect(await host.evaluate(() => document.activeElement?.tagName)).toBe('BUTTON');
    await host.getByTestId('start-volunteering').focus();
    await host.keyboard.press('Enter');
    await host.getByTestId('pause-volunteering').click();
    await host.reload();
    await until(async () => (await textOf(host, 'volunteer-activity')) === 'Paused', 'the pause, kept');
  });
});
