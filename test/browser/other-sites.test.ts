import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { paths } from '../../shared/protocol/paths.ts';
import { type BrowserPlatform, startBrowserPlatform } from '../support/browser-run.ts';
import { findBrowser } from '../support/find-browser.ts';
import { until } from '../support/poll.ts';
import { createTinyRun, tinyRequest } from '../support/tiny-run.ts';

const executable = findBrowser();

/** Names of other sites, all of which lead to this machine. A browser that asks a real name server is led just so. */
const RESOLVER = '--host-resolver-rules=MAP *.example 127.0.0.1';

/** What a page of another site can do to a platform at home, in a real browser. */
describe.runIf(executable)('a page of another site', () => {
  let browser: Browser;
  let home: BrowserPlatform;
  let site: Server;
  let page: Page;
  /** The site at its own name, and at this machine's name with another port. */
  let stranger: string;
  let neighbour: string;

  beforeAll(async () => {
    site = createServer((_, response) =>
      response.setHeader('content-type', 'text/html').end('<h1>Free cats</h1>'),
    );
    await once(site.listen(0, '127.0.0.1'), 'listening');
    const { port } = site.address() as AddressInfo;
    [stranger, neighbour] = [`http://evil.example:${port}`, `http://127.0.0.1:${port}`];
    home = await startBrowserPlatform();
    browser = await chromium.launch({
      ...{ executablePath: executable ?? '', headless: true },
      args: ['--no-sandbox', RESOLVER],
    });
  });
  afterAll(async () => {
    await browser.close();
    await home.stop();
    site.close();
  });

  const open = async (url: string): Promise<void> => {
    page = await browser.newPage();
    await page.goto(url);
  };
  const runs = async (): Promise<number> => (await home.client.listRuns()).length;

  it.each(['stranger', 'neighbour'] as const)('cannot create a run by a form (%s)', async who => {
    await createTinyRun(home.client);
    const before = await runs();
    await open(who === 'stranger' ? stranger : neighbour);
    const request = JSON.stringify(tinyRequest());
    const answered = page.waitForResponse(response => response.url().endsWith(paths.runs));
    await page.evaluate(
      ({ action, text }) => {
        const form = Object.assign(document.createElement('form'), {
          ...{ action, method: 'post', enctype: 'text/plain' },
        });
        // A form sends `name=value`, so the value is the end of a text field in the JSON.
        const field = Object.assign(document.createElement('input'), {
          ...{ name: `${text.slice(0, -1)},"more":"`, value: '"}' },
        });
        form.append(field);
        document.body.append(form);
        form.submit();
      },
      { action: home.client.origin + paths.runs, text: request },
    );
    expect((await answered).status()).toBe(403);
    expect(await runs()).toBe(before);
  });

  it('cannot create a run by a call, whether it may read the reply or not', async () => {
    await createTinyRun(home.client);
    const before = await runs();
    await open(stranger);
    const text = JSON.stringify(tinyRequest());
    for (const init of [
      { mode: 'no-cors' as const },
      { mode: 'cors' as const },
      { mode: 'cors' as const, headers: { 'content-type': 'application/json' } },
    ])
      await page.evaluate(
        ({ url, body, init }) =>
          fetch(url, { method: 'POST', body, ...init }).then(
            () => {},
            () => {},
          ),
        { url: home.client.origin + paths.runs, body: text, init },
      );
    expect(await runs()).toBe(before);
  });

  it('cannot read what the platform says', async () => {
    await open(stranger);
    const read = await page.evaluate(
      url =>
        fetch(url)
          .then(response => response.text())
          .catch(() => 'nothing'),
      home.client.origin + paths.runs,
    );
    expect(read).toBe('nothing');
  });

  it.each(['stranger', 'neighbour', 'own page'] as const)(
    'opens an event socket only if it is ours (%s)',
    async who => {
      const { run } = await createTinyRun(home.client);
      const urls = { stranger, neighbour, 'own page': home.client.origin };
      await open(urls[who]);
      const heard = await page.evaluate(
        url =>
          new Promise(resolve => {
            const socket = new WebSocket(url);
            socket.onmessage = () => resolve('a view');
            socket.onerror = () => resolve('nothing');
          }),
        home.client.viewUrl(run, 0, 0),
      );
      expect(heard).toBe(who === 'own page' ? 'a view' : 'nothing');
    },
  );

  it('cannot show a page of ours in a frame', async () => {
    await open(stranger);
    await page.evaluate(
      src =>
        new Promise(resolve => {
          const frame = Object.assign(document.createElement('iframe'), { src, onload: resolve });
          document.body.append(frame);
        }),
      home.client.origin,
    );
    const urlInFrame = async (): Promise<string | undefined> => page.frames()[1]?.url();
    await until(async () => (await urlInFrame())?.startsWith('chrome-error:'), 'the browser’s refusal');
  });

  it('that lets its own name lead to this machine gets neither page nor data', async () => {
    const rebound = `http://rebound.example:${new URL(home.client.origin).port}`;
    page = await browser.newPage();
    const response = await page.goto(rebound);
    expect(response?.status()).toBe(421);
    expect(await page.locator('#app').count()).toBe(0);
  });
});
