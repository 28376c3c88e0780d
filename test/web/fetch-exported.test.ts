import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ByteBudget } from '../../client/web/try/exported/byte-budget.ts';
import { fetchExported } from '../../client/web/try/exported/fetch-exported.ts';
import { parseJsonBytes } from '../../shared/math/utf8.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer((request, response) => {
    response.setHeader('access-control-allow-origin', '*');
    listener(request, response);
  });
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A server of these texts. */
const serveFiles = (files: Readonly<Record<string, string>>): Promise<string> =>
  serve((request, response) => {
    const text = files[request.url ?? ''];
    if (text === undefined) response.statusCode = 404;
    response.end(text);
  });

const modelJson = (paths: readonly string[]): string =>
  JSON.stringify({
    modelTopology: {
      class_name: 'Sequential',
      config: { layers: [{ class_name: 'InputLayer', config: { batch_input_shape: [null, 8, 6, 3] } }] },
    },
    weightsManifest: [{ paths, weights: [{ shape: [4, 5] }] }],
  });

describe('a network at an address', () => {
  it('is loaded from its folder, with weights in folders below', async () => {
    const origin = await serveFiles({ '/net/model.json': modelJson(['deep/a.bin']), '/net/deep/a.bin': 'W' });
    const { files, shape, classes } = await fetchExported(`${origin}/net`);
    expect({ weights: files.weights, shape, classes }).toEqual({
      weights: { 'deep/a.bin': new Uint8Array([87]) },
      shape: { height: 8, width: 6, channels: 3 },
      classes: 5,
    });
  });

  it.each([
    'javascript:alert(1)',
    'data:application/json,{}',
    'blob:http://here/1',
    'file:///etc/passwd',
    'http://',
  ])('is none at %s', async address => {
    await expect(fetchExported(address)).rejects.toThrow('begins with https://');
  });

  it.each(['http://other.example/a.bin', '//other.example/a.bin', '../a.bin', '/a.bin', 'data:,W'])(
    'has no weights at %s, outside its folder',
    async path => {
      const origin = await serveFiles({ '/net/model.json': modelJson([path]) });
      await expect(fetchExported(`${origin}/net/`)).rejects.toThrow('which is not in its folder');
    },
  );

  it('names no more files than any network has', async () => {
    const paths = Array.from({ length: 501 }, (_, i) => `${i}.bin`);
    const origin = await serveFiles({ '/model.json': modelJson(paths) });
    await expect(fetchExported(origin)).rejects.toThrow('more than 500 files');
  });

  it('is given up as soon as its files are too large, however long they go on', async () => {
    const origin = await serve((request, response) => {
      if (request.url === '/model.json') return response.end(modelJson(['a.bin']));
      const more = (): unknown =>
        !response.destroyed && response.write('W'.repeat(50_000)) && setImmediate(more);
      response.on('drain', more);
      return more();
    });
    await expect(fetchExported(origin, { budget: new ByteBudget(1_000_000) })).rejects.toThrow(
      'more than 1.0\u00a0MB',
    );
  });

  it('is given up if its server falls silent within a file', async () => {
    const origin = await serve((request, response) => {
      if (request.url === '/model.json') response.end(modelJson(['a.bin']));
      else response.writeHead(200).write('W');
    });
    await expect(fetchExported(origin, { silenceMs: 200 })).rejects.toThrow('a.bin sent nothing');
  });

  it('is no page, and no graph model', async () => {
    const origin = await serveFiles({
      '/page/model.json': '<!doctype html>',
      '/graph/model.json': JSON.stringify({ format: 'graph-model', modelTopology: {} }),
      '/words/model.json': '{}',
    });
    await expect(fetchExported(`${origin}/page`)).rejects.toThrow('is not JSON');
    await expect(fetchExported(`${origin}/graph`)).rejects.toThrow('exported as a graph model');
    await expect(fetchExported(`${origin}/words`)).rejects.toThrow('how large its pictures are');
    await expect(fetchExported(`${origin}/nowhere`)).rejects.toThrow('could not be loaded');
  });

  it('takes pictures from 0 to 1 if it is of Teachable Machine, whose pictures are from −1', async () => {
    const origin = await serveFiles({
      '/model.json': modelJson([]),
      '/metadata.json': JSON.stringify({ packageName: '@teachablemachine/image', labels: ['cat', 'dog'] }),
    });
    const { files, metadata } = await fetchExported(origin);
    expect(metadata.labels).toEqual(['cat', 'dog']);
    expect(parseJsonBytes(files.modelJson)).toMatchObject({
      modelTopology: {
        config: {
          layers: [
            { class_name: 'Rescaling', config: { scale: 2, offset: -1, batch_input_shape: [null, 8, 6, 3] } },
            { class_name: 'Sequential' },
          ],
        },
      },
    });
  });
});
