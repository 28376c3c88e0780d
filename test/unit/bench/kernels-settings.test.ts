import { describe, expect, it } from 'vitest';
import { DEFAULT_MODELS, labelOf, readSettings, sidesOf } from '../../bench/kernels-settings.ts';

const KNOWN = ['two-conv', 'cnn-5', 'vgg16'];

describe('the flags of the kernels bench', () => {
  it('are the small model and the browser-sized four, on every backend, where none is given', () => {
    expect(readSettings({}, DEFAULT_MODELS)).toEqual({
      models: DEFAULT_MODELS,
      backends: ['cpu', 'wasm', 'webgpu', 'pytorch'],
      threads: [1, 2],
      batch: 32,
      repeats: 7,
      profile: false,
      allowsSoftware: false,
      json: null,
    });
  });

  it('take lists, each item once', () => {
    const read = readSettings(
      { models: 'vgg16, cnn-5,vgg16', threads: '2,1,2', backends: 'pytorch,wasm' },
      KNOWN,
    );
    expect(read.models).toEqual(['vgg16', 'cnn-5']);
    expect(read.threads).toEqual([2, 1]);
    expect(read.backends).toEqual(['wasm', 'pytorch']);
  });

  it('add the stock kernels to the backends with --stock', () => {
    expect(readSettings({ models: 'vgg16', backends: 'webgpu', stock: true }, KNOWN).backends).toEqual([
      'webgpu',
      'webgpu-stock',
    ]);
  });

  it.each([
    [{ models: 'vgg19' }, "--models: there is no 'vgg19', there are two-conv, cnn-5, vgg16"],
    [{ models: '' }, "--models: there is no ''"],
    [{ backends: 'cuda' }, "--backends: there is no 'cuda'"],
    [{ threads: '0' }, '--threads takes whole numbers from 1 to 64'],
    [{ threads: '1,two' }, "got 'two'"],
    [{ batch: '-8' }, '--batch takes whole numbers'],
    [{ repeats: '1.5' }, "got '1.5'"],
    [{ json: '' }, "--json takes a file's name"],
  ])('refuse %j with what it takes', (flags, reason) => {
    expect(() => readSettings({ models: 'cnn-5', ...flags }, KNOWN)).toThrow(reason);
  });
});

describe('the sides of a comparison', () => {
  it('are one a backend, and one a number of threads where a backend has them', () => {
    const settings = readSettings({ models: 'cnn-5', threads: '1,4' }, KNOWN);
    expect(sidesOf(settings).map(labelOf)).toEqual([
      'cpu, 1 thread',
      'wasm, 1 thread',
      'wasm, 4 threads',
      'webgpu, 1 thread',
      'pytorch, 1 thread',
      'pytorch, 4 threads',
    ]);
  });
});
