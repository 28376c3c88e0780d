import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build, type Rollup } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBrowser } from '../support/find-browser.ts';
// For the name under which the page leaves its report.
import type {} from '../support/kernel-page.ts';
import { boundMs } from '../support/patience.ts';
import { launchBrowser } from '../support/use-browser.ts';

const executable = findBrowser();

const PAGE = '<!doctype html><title>kernels</title><script type="module" src="/suite.js"></script>';

/** The suite as a volunteer's page would have it: bundled by the same tool, in a worker. */
async function bundleSuite(): Promise<ReadonlyMap<string, string>> {
  const entry = fileURLToPath(new URL('../support/kernel-page.ts', import.meta.url));
  const built = await build({
    configFile: false,
    logLevel: 'error',
    worker: { format: 'es' },
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      rollupOptions: { input: entry, output: { entryFileNames: 'suite.js' }, onwarn: () => {} },
    },
  });
  const { output } = (Array.isArray(built) ? built[0] : built) as Rollup.RollupOutput;
  return new Map(
    output.map(file => [`/${file.fileName}`, file.type === 'chunk' ? file.code : `${file.source}`]),
  );
}

/** On localhost, which is a secure context: elsewhere there is no WebGPU. */
async function serve(files: ReadonlyMap<string, string>): Promise<Server> {
  const server = createServer((request, response) => {
    const script = files.get(request.url ?? '');
    response.setHeader('content-type', script === undefined ? 'text/html' : 'text/javascript');
    response.end(script ?? PAGE);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return server;
}

describe.runIf(executable)('kernels in a browser', () => {
  let server: Server;

  beforeAll(async () => {
    server = await serve(await bundleSuite());
  });

  afterAll(() => {
    server.close();
  });

  it('make on WebGPU what the CPU backend makes, in a worker', async () => {
    const browser = await launchBrowser(executable ?? '');
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction(() => globalThis.kernelReport !== undefined, null, {
      timeout: boundMs(110_000),
    });
    const report = await page.evaluate(() => globalThis.kernelReport);
    await browser.close();
    expect(report?.failures).toEqual([]);
    expect(report?.groups).toBeGreaterThan(40);
  });
});
