import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { findDataset, listData } from '../../client/platform/data-list.ts';
import { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import { decodePart } from '../../shared/datasets/part.ts';
import { drawPicture } from '../support/draw-pictures.ts';
import { PlatformProcess } from '../support/platform-process.ts';
import { runHomeroom } from '../support/run-homeroom.ts';
import { idxSet } from '../unit/datasets/dataset-files.ts';
import { zipOf } from '../unit/datasets/make-pictures.ts';

let folder: string;
let platform: PlatformProcess;
let client: HomeroomClient;
/** Twelve pictures of each of two classes, by their paths, in all three formats. */
const pictures: Record<string, Uint8Array> = {};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'homeroom-dataset-'));
  platform = await PlatformProcess.start({ folder: join(folder, 'platform') });
  client = new HomeroomClient(platform.origin);
  for (const [i, format] of (['png', 'jpeg', 'webp'] as const).entries())
    for (let shade = 0; shade < 4; shade++) {
      const [dark, light] = [40 * shade, 255 - 10 * shade];
      pictures[`set/red/${shade}.${format}`] = new Uint8Array(
        await drawPicture([light, dark + i, 0], format),
      );
      pictures[`set/blue/${shade}.${format}`] = new Uint8Array(
        await drawPicture([0, dark + i, light], format),
      );
    }
});
afterAll(async () => {
  await platform.stop();
  await rm(folder, { recursive: true });
});

async function write(files: Readonly<Record<string, Uint8Array | string>>): Promise<string> {
  const place = await mkdtemp(join(folder, 'files-'));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(place, path)), { recursive: true });
    await writeFile(join(place, path), content);
  }
  return place;
}

const onPlatform = (): string[] => ['--to', platform.origin, '--folder', join(folder, 'platform')];

const importPath = (path: string, ...flags: string[]) =>
  runHomeroom(['dataset', 'import', path, ...onPlatform(), ...flags]);

const reportSchema = z.object({
  name: z.string(),
  shape: z.object({ height: z.number(), width: z.number(), channels: z.number() }),
  classNames: z.array(z.string()),
  columns: z.array(z.object({ name: z.string(), least: z.number(), most: z.number() })).optional(),
  source: z.string().optional(),
  trainExamples: z.number(),
  testExamples: z.number(),
  problems: z.array(z.object({ path: z.string(), problem: z.string() })),
  repeats: z.array(z.object({ path: z.string(), of: z.string() })),
});

async function imported(path: string, ...flags: string[]) {
  const { status, stdout, stderr } = await importPath(path, '--json', ...flags);
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  return reportSchema.parse(JSON.parse(stdout));
}

async function trainedOn(name: string) {
  const set = (await findDataset(client, name)) ?? undefined;
  if (set?.kind !== 'hosted') throw new Error(`${name} is not listed`);
  const parts = await Promise.all(
    set.train.map(async ({ sha256 }) => decodePart(await client.getBlob(sha256))),
  );
  return parts.flatMap(part => (part.ok ? [part.value] : []));
}

describe('what `dataset import` takes', () => {
  it('is pictures in a folder for each class, whose colours it keeps', async () => {
    const report = await imported(await write(pictures), '--name', 'two colours', '--size', '6x4');
    expect(report).toMatchObject({
      name: 'two colours',
      shape: { height: 4, width: 6, channels: 3 },
      classNames: ['blue', 'red'],
      trainExamples: 20,
      testExamples: 4,
      problems: [],
      repeats: [],
    });
    for (const { labels, pixels } of await trainedOn('two colours'))
      for (const [i, label] of labels.entries()) {
        // The pixel of the third row and column, which no frame reaches.
        const at = 72 * i + 3 * (2 * 6 + 2);
        const [red = 0, , blue = 0] = pixels.subarray(at, at + 3);
        expect(red > blue).toBe(label === 1);
      }
  });

  it('is a zip, made grey, with a list of what is left out', async () => {
    const place = await write({
      'my set.zip': zipOf({
        ...pictures,
        'set/red/same.png': pictures['set/red/0.png'] ?? '',
        'set/red/cut.jpeg': (pictures['set/red/0.jpeg'] ?? new Uint8Array()).subarray(0, 400),
        'set/blue/notes.txt': 'hello',
      }),
    });
    const report = await imported(join(place, 'my set.zip'), '--colour', 'grey');
    expect(report).toMatchObject({ name: 'my set', shape: { height: 12, width: 12, channels: 1 } });
    expect(report.problems).toEqual([
      { path: 'set/blue/notes.txt', problem: 'is no PNG, JPEG or WebP picture' },
      { path: 'set/red/cut.jpeg', problem: expect.stringMatching(/^is damaged/) },
    ]);
    expect(report.repeats).toHaveLength(1);
    expect(report.trainExamples + report.testExamples).toBe(24);
  });

  it('is a CSV, whose column of classes can be chosen by its place from 1', async () => {
    const rows = Array.from({ length: 20 }, (_, i) => `${i % 2 ? 'odd' : 'even'},${i}.5,${i % 4}`);
    const place = await write({ 'numbers.csv': ['kind,value,rest', ...rows, 'odd,7'].join('\n') });
    const report = await imported(
      join(place, 'numbers.csv'),
      '--test-share',
      '0.5',
      '--source',
      'made by hand',
    );
    expect(report).toMatchObject({ classNames: ['even', 'odd'], trainExamples: 10, testExamples: 10 });
    expect(report.columns?.map(({ name }) => name)).toEqual(['value', 'rest']);
    expect(report.problems).toEqual([{ path: 'numbers.csv, line 22', problem: 'has 2 columns, not 3' }]);
    const other = await imported(join(place, 'numbers.csv'), '--label-column', '3', '--name', 'rests');
    expect(other.classNames).toEqual(['0', '1', '2', '3']);
  });

  it('is IDX files, told in words', async () => {
    const { status, stdout } = await importPath(await write(idxSet([0, 1, 1])), '--name', 'few');
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: expect.stringMatching(
        /^few: 3 training pictures in 1 part, \d+ test pictures? in 1, 2 classes, /,
      ),
    });
  });

  it.each([
    ['a zip that is none', { 'a.zip': 'hello' }, [], /a\.zip is no zip file, or is cut off/],
    [
      'one class',
      { 'cat/1.png': 'x', 'cat/2.png': 'x' },
      [],
      /one class only \(cat\): there is nothing to tell apart/,
    ],
    [
      'a column that is not there',
      { 'a.csv': 'x,label\n1,a\n2,b\n' },
      ['--label-column', 'colour'],
      /has no column colour: it has x, label/,
    ],
    ['a size that is none', {}, ['--size', 'big'], /'--size <pixels>' argument 'big' is invalid.*such as 32/],
    ['a test share of all', {}, ['--test-share', '1'], /'--test-share <share>'.*between 0 and 1/],
  ])('is not %s', async (_, files, flags, words) => {
    const { status, stdout, stderr } = await importPath(await write(files), ...flags);
    expect({ status, stdout, lines: stderr.trim().split('\n').length }).toEqual({
      status: 2,
      stdout: '',
      lines: 1,
    });
    expect(stderr).toMatch(words);
  });
});

describe('what a platform has', () => {
  it('is listed for people and for scripts, with what is built in and where it is from', async () => {
    await imported(await write(pictures), '--name', 'listed', '--size', '4');
    const { stdout } = await runHomeroom(['dataset', 'list', '--to', platform.origin]);
    expect(stdout).toMatch(/^name +training +test +classes +shape +size +from$/m);
    expect(stdout).toMatch(/^glyphs +16000 +4000 +10 +28 × 28 grey .*drawn by each device$/m);
    expect(stdout).toMatch(
      /^digits +1438 +359 +10 +8 × 8 grey .*UCI Machine Learning Repository, CC BY 4\.0$/m,
    );
    expect(stdout).toMatch(/^penguins .*4 columns .*CC0$/m);
    expect(stdout).toMatch(/^listed +20 +4 +2 +4 × 4 colour .*imported$/m);
    const json = await runHomeroom(['dataset', 'list', '--to', platform.origin, '--json']);
    expect(JSON.parse(json.stdout)).toContainEqual(
      expect.objectContaining({ name: 'listed', trainExamples: 20 }),
    );
  });
});

describe('a run on what is built in', () => {
  it('learns a table of numbers', async () => {
    const { status, stdout } = await runHomeroom([
      'demo',
      '--dataset',
      'penguins',
      '--volunteers',
      '2',
      '--rounds',
      '6',
    ]);
    expect(stdout).toContain('mlp on penguins');
    expect({ status, stdout }).toMatchObject({ status: 0 });
  });

  it('takes the digits by their name, whose parts are on the platform then', async () => {
    const created = await runHomeroom([
      'create',
      '--dataset',
      'digits',
      '--json',
      ...onPlatform().slice(0, 2),
    ]);
    const { run } = z.object({ run: z.string() }).parse(JSON.parse(created.stdout));
    const { dataset } = (await client.run(run)).spec;
    expect(dataset).toMatchObject({
      kind: 'hosted',
      name: 'digits',
      source: expect.stringContaining('CC BY 4.0'),
    });
    const last = dataset.kind === 'hosted' ? dataset.test.at(-1) : undefined;
    expect(decodePart(await client.getBlob(last?.sha256 ?? ''))).toMatchObject({ ok: true });
  });

  it('is refused if a network of convolutions is to learn a table', async () => {
    const args = ['create', '--dataset', 'penguins', '--model', 'cnn', '--to', platform.origin];
    const { status, stderr } = await runHomeroom(args);
    expect(status).not.toBe(0);
    expect(stderr).toContain('a table has none: take mlp');
  });
});

describe('`dataset remove`', () => {
  const remove = (name: string, ...flags: string[]) =>
    runHomeroom(['dataset', 'remove', name, '--to', platform.origin, ...flags]);

  it('deletes a set by the key that its import told, and says in one line what is wrong', async () => {
    const { stdout } = await importPath(await write(pictures), '--name', 'brief', '--size', '4');
    const [, key = ''] =
      /^Data key {3}([0-9a-f]{64}), for `npx homeroom dataset remove`$/m.exec(stdout) ?? [];
    const nowhere = join(folder, 'nowhere');
    expect(await remove('brief', '--folder', nowhere)).toMatchObject({
      status: 2,
      stderr:
        'homeroom: this needs the key that the import of the data told, or the deployment key: set HOMEROOM_KEY, or give it with --key\n',
    });
    expect(await remove('brief', '--folder', nowhere, '--key', 'f'.repeat(64))).toMatchObject({
      status: 2,
      stderr: 'homeroom: this key does not allow it\n',
    });
    expect(await remove('breif', '--folder', nowhere, '--key', key)).toMatchObject({
      status: 2,
      stderr: `homeroom: there is no data set breif on ${platform.origin}: \`npx homeroom dataset list\` shows those that there are\n`,
    });
    expect(await remove('brief', '--folder', nowhere, '--key', key)).toMatchObject({
      status: 0,
      stdout: 'Deleted brief. Its parts go too, if no run and no other data set has them.\n',
    });
    expect((await listData(client)).sets.map(set => set.name)).not.toContain('brief');
  });

  it('needs no key on the machine of the platform itself', async () => {
    await imported(await write(pictures), '--name', 'owned', '--size', '4');
    const removed = await remove('owned', '--folder', join(folder, 'platform'));
    expect(removed).toMatchObject({ status: 0 });
  });
});
