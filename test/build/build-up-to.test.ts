import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runTools } from '../../client/headless/build/run-tools.ts';
import { UsageError } from '../../client/headless/terminal/usage-error.ts';
import { until } from '../support/poll.ts';
import { TinyBuild } from '../support/tiny-build.ts';

let tree: TinyBuild;

beforeEach(() => {
  tree = new TinyBuild();
});

afterEach(() => tree.remove());

describe('a build', () => {
  it('makes everything the first time and nothing the second', async () => {
    expect(await tree.build()).toEqual(['kernels', 'pages', 'worker']);
    expect(tree.read('dist/pages/made.txt')).toBe('pages 1');
    tree.told = '';
    expect(await tree.build()).toEqual([]);
    expect(tree.told).toBe('');
    expect(tree.runs).toEqual(['kernels', 'pages', 'worker']);
  });

  it('goes no further than the step that was asked for', async () => {
    expect(await tree.build('kernels')).toEqual(['kernels']);
    expect(await tree.build('pages')).toEqual(['pages']);
    expect(existsSync(join(tree.root, 'dist/worker'))).toBe(false);
  });

  it('says where it cannot write, in one line', async () => {
    tree.write('.cache', 'a file in the place of a folder');
    const error = await tree.build().catch(caught => caught);
    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toMatch(/^cannot build in .*\.cache/);
  });

  it('makes only the step whose source has changed', async () => {
    await tree.build();
    tree.write('source/worker.txt', 'worker 2');
    expect(await tree.build()).toEqual(['worker']);
    expect(tree.read('dist/worker/made.txt')).toBe('worker 2');
  });

  it('makes also the step that takes in what another has made', async () => {
    await tree.build();
    tree.write('source/kernels.txt', 'kernels 2');
    expect(await tree.build()).toEqual(['kernels', 'pages']);
  });

  it('makes nothing for a file that is as it was, whatever its date, nor for a page of documentation', async () => {
    tree.write('source/notes.md', 'a note');
    await tree.build();
    tree.write('source/worker.txt', 'worker 1');
    tree.write('source/notes.md', 'another note');
    expect(await tree.build()).toEqual([]);
  });

  it.each([
    ['missing', () => tree.remove('dist/worker')],
    ['damaged', () => tree.write('dist/worker/made.txt', 'work')],
    ['joined by a file that the tool did not make', () => tree.write('dist/worker/more.txt', '')],
  ])('makes an output anew that is %s', async (_, spoil) => {
    await tree.build();
    spoil();
    expect(await tree.build()).toEqual(['worker']);
    expect(tree.read('dist/worker/made.txt')).toBe('worker 1');
    expect(existsSync(join(tree.root, 'dist/worker/more.txt'))).toBe(false);
  });

  it('makes a step anew whose record is damaged', async () => {
    await tree.build();
    tree.write('.cache/build/pages.json', '{');
    expect(await tree.build()).toEqual(['pages']);
  });

  it('says for each step what it makes and how long that took', async () => {
    await tree.build();
    const lines = tree.told
      .replaceAll(/\d+\.\d s/g, 'N s')
      .trimEnd()
      .split('\n');
    expect(lines.slice(0, 2)).toEqual([
      'Building the kernels of the test (1 of 3)…',
      'Built the kernels of the test in N s',
    ]);
    expect(lines).toHaveLength(6);
  });
});

describe('a build of a broken source', () => {
  beforeEach(async () => {
    await tree.build();
    tree.write('source/worker.txt', 'broken');
  });

  it('shows what the tool said and ends with its exit status', async () => {
    await expect(tree.build()).rejects.toMatchObject({ name: 'BuildFailure', status: 7 });
    expect(tree.told).toContain('source/worker.txt:1: this is broken');
  });

  it('leaves the output of before, which counts as out of date also when the source is mended', async () => {
    await expect(tree.build()).rejects.toThrow('the worker of the test could not be built');
    expect(tree.read('dist/worker/made.txt')).toBe('worker 1');
    tree.write('source/worker.txt', 'worker 1');
    expect(await tree.build()).toEqual(['worker']);
  });
});

describe('two builds at once', () => {
  it('make everything once: the second waits for the first', async () => {
    const built = await Promise.all([tree.build(), tree.build()]);
    expect(built.flat().sort()).toEqual(['kernels', 'pages', 'worker']);
    expect(tree.runs).toEqual(['kernels', 'pages', 'worker']);
    expect(tree.told.match(/Waiting for another build/g)).toHaveLength(1);
  });
});

/** A tool that writes into its folder again and again, also when its build is gone. It ends when there is a file `stop`. */
const LASTING_TOOL = `
import { existsSync, writeFileSync } from 'node:fs';
const late = process.argv[2] + '/late.txt';
const timer = setInterval(() => {
  try { writeFileSync(late, ''); } catch {}
  if (!existsSync('stop')) return;
  clearInterval(timer);
  writeFileSync('stopped', '');
}, 2);
`;

const LASTING_BUILD = `
const [build, root] = process.argv.slice(1);
const { buildUpTo } = await import(build);
const kernels = { name: 'kernels', makes: '', inputs: [], output: 'dist/kernels', tools: folder => [['late.mjs', folder]] };
await buildUpTo('kernels', { root, steps: [kernels] });
`;

const buildUpToUrl = new URL('../../client/headless/build/build-up-to.ts', import.meta.url).href;

describe('a build after one that was killed', () => {
  it('takes in nothing that a tool of the other still writes', async () => {
    tree.write('late.mjs', LASTING_TOOL);
    const flags = ['--input-type=module', '-e', LASTING_BUILD, buildUpToUrl, tree.root];
    const killed = spawn(process.execPath, flags, { stdio: 'ignore' });
    const hasFile = async (name: string): Promise<boolean> =>
      readdirSync(tree.root, { recursive: true, encoding: 'utf8' }).some(path => path.endsWith(name));
    await until(() => hasFile('late.txt'), 'the tool to write');
    killed.kill('SIGKILL');
    expect(await tree.build()).toEqual(['kernels', 'pages', 'worker']);
    tree.write('stop', '');
    await until(() => hasFile('stopped'), 'the tool to end');
    const made = readdirSync(join(tree.root, 'dist'), { recursive: true, encoding: 'utf8' });
    expect(made.filter(path => path.endsWith('.txt')).sort()).toEqual([
      'kernels/made.txt',
      'pages/made.txt',
      'worker/made.txt',
    ]);
  });
});

it('a tool builds for use, although a test runs it', async () => {
  expect(process.env.NODE_ENV).toBe('test');
  expect(await runTools('.', [['-p', 'process.env.NODE_ENV']])).toEqual({
    status: 0,
    output: 'production\n',
  });
});
