import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tryPage } from '../../shared/protocol/paths.ts';
import { findBrowser } from '../support/find-browser.ts';
import { useBrowser } from '../support/use-browser.ts';

const executable = findBrowser();

/** A site that shows the page for a visitor in a frame without an origin: none of our scripts is let in there. */
describe.runIf(executable)('a frame that its site has closed in', () => {
  const browser = useBrowser(executable);
  let site: Server;
  let address = '';
  beforeAll(async () => {
    const run = await browser.createRun();
    site = createServer((_, response) =>
      response
        .setHeader('content-type', 'text/html')
        .end(`<iframe sandbox="allow-scripts" src="${browser.origin}${tryPage(run)}"></iframe>`),
    );
    await once(site.listen(0, '127.0.0.1'), 'listening');
    address = `http://localhost:${(site.address() as AddressInfo).port}/`;
  });
  afterAll(() => void site.close());

  it('is not empty: it says that the page could not start, and what to do', async () => {
    const page = await browser.newPage();
    await page.goto(address);
    const frame = page.frameLocator('iframe');
    await frame.getByText('open it in a tab of its own').waitFor();
    expect(await frame.locator('#app').textContent()).toBe('');
  });
});
