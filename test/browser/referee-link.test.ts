import { describe, expect, it } from 'vitest';
import { RunHost } from '../../client/platform/run-host.ts';
import { keyPage } from '../../shared/protocol/paths.ts';
import { findBrowser } from '../support/find-browser.ts';
import { until } from '../support/poll.ts';
import { createTinyRun } from '../support/tiny-run.ts';
import { useBrowser } from '../support/use-browser.ts';

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
    await page.getByRole('alert').getByText('the host has removed this volunteer').waitFor();
  });
});
