import { describe, expect, it } from 'vitest';
import { base64ToBytes, bytesToBase64 } from '../../../client/host/base64.ts';
import { exportFiles } from '../../../client/host/export-files.ts';
import type { ExportedRun } from '../../../client/host/export-run.ts';
import { modelMetadataSchema } from '../../../client/host/model-metadata.ts';

const exported: ExportedRun = {
  ...{
    modelJson: '{"modelTopology":{}}',
    weights: Uint8Array.of(1, 2, 3, 255),
    ownLayers: [],
    warning: null,
  },
  safetensors: Uint8Array.of(9),
  metadata: { name: '</script><b>$& ', labels: ['a', 'b'], output: 'logits', version: 4 },
};
const parts = { layers: 'layers', page: '<p>before</p><!--network--><p>after</p>' };

const textOf = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);

describe('the files of an export', () => {
  it('are the network, its weights twice, its names, the page and what to know', () => {
    expect(Object.keys(exportFiles(exported, parts))).toEqual([
      ...['model.json', 'weights.bin', 'model.safetensors', 'metadata.json', 'index.html', 'README.txt'],
    ]);
  });

  it('have the layers that tf.layers lacks, if the network needs them, and no page if none was built', () => {
    const files = exportFiles({ ...exported, ownLayers: ['Bias'] }, { ...parts, page: null });
    expect(Object.keys(files)).toContain('layers.mjs');
    expect(Object.keys(files)).not.toContain('index.html');
    expect(textOf(files['README.txt'])).toContain('Register Bias');
  });

  it('have a page that holds the network, and no name can end the element that holds it', () => {
    const page = textOf(exportFiles(exported, parts)['index.html']);
    const [, json = ''] = /^<p>before<\/p><script [^>]*>(.*)<\/script><p>after<\/p>$/s.exec(page) ?? [];
    expect(json).not.toContain('<');
    const held = JSON.parse(json);
    expect(held.metadata.name).toBe('</script><b>$& ');
    expect([...base64ToBytes(held.weights)]).toEqual([1, 2, 3, 255]);
  });

  it('say what is wrong with the version', () => {
    const files = exportFiles({ ...exported, warning: 'it has yet to grow' }, parts);
    expect(textOf(files['README.txt'])).toContain('WARNING: it has yet to grow');
  });
});

it('bytes become base64 and come back, whatever their number', () => {
  for (const length of [0, 1, 2, 3, 0x6000 - 1, 0x6000, 0x6000 + 1]) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 7) % 256);
    expect(Buffer.from(base64ToBytes(bytesToBase64(bytes))).equals(Buffer.from(bytes))).toBe(true);
    expect(bytesToBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
  }
});

it('metadata of another program are read as far as they make sense', () => {
  expect(
    modelMetadataSchema.parse({ labels: ['x'], imageSize: 224, output: 7, style: 'no', columns: 'no' }),
  ).toEqual({
    ...{ labels: ['x'], output: 'logits' },
  });
});
