import { cp, mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { expectRefusal } from '../../support/expect-refusal.ts';
import { writeSmallIdx } from '../../support/small-idx.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'homeroom-'));
  await writeSmallIdx(join(folder, 'good'));
});

afterAll(() => rm(folder, { recursive: true }));

/** A folder like the good one, with one file spoilt. */
async function spoilt(file: string, spoil: (path: string) => Promise<void>): Promise<string> {
  const copy = await mkdtemp(join(folder, 'spoilt-'));
  await cp(join(folder, 'good'), copy, { recursive: true });
  await spoil(join(copy, file));
  return copy;
}

describe('data that cannot be read are refused in one line with what to do', () => {
  it.each([
    [
      'a folder of something else',
      ['dataset', 'import', '/etc'],
      /neither folders of pictures.*nor CIFAR-10/,
    ],
  ])('%s', (_, args, words) => expectRefusal(args, words));

  it('a truncated IDX file, with what is missing', async () => {
    const bad = await spoilt('train-images-idx3-ubyte', path => truncate(path, 20));
    await expectRefusal(
      ['demo', '--dataset', 'mnist', '--data', bad],
      /train-images-idx3-ubyte.*28.*20|train-images-idx3-ubyte.*20.*28/,
    );
  });

  it('a corrupt IDX file, with where', async () => {
    const bad = await spoilt('t10k-labels-idx1-ubyte', path => writeFile(path, 'not a label file'));
    await expectRefusal(['demo', '--dataset', 'mnist', '--data', bad], /t10k-labels-idx1-ubyte/);
  });

  it('a folder in a file’s place', async () => {
    const bad = await spoilt('train-labels-idx1-ubyte', async path => {
      await rm(path);
      await mkdir(path);
    });
    await expectRefusal(['dataset', 'import', bad], /train-labels-idx1-ubyte cannot be read: it is a folder/);
  });

  it('data that are not what they are asked for as', () =>
    expectRefusal(
      ['demo', '--dataset', 'cifar-10', '--data', join(folder, 'good')],
      /good holds pictures of 2 × 2 × 1 in 3 classes, which is not cifar-10/,
    ));

  it('a name of several lines that moves the cursor', () =>
    expectRefusal(
      ['dataset', 'import', join(folder, 'good'), '--name', 'a\n\x1b[2Jb'],
      /name is one line.*'a\\u\{a\}\\u\{1b\}\[2Jb' is not/,
    ));

  it('Fashion-MNIST’s like under a known name that is spelt otherwise', async () => {
    const named = join(folder, 'CIFAR_10');
    await cp(join(folder, 'good'), named, { recursive: true });
    await expectRefusal(
      ['dataset', 'import', named],
      /CIFAR_10 holds pictures of 2 × 2 × 1 in 3 classes, which is not cifar-10/,
    );
  });

  it('a corrupt gzip file', async () => {
    const bad = await spoilt('train-labels-idx1-ubyte', async path => {
      await rm(path);
      await writeFile(`${path}.gz`, Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]));
    });
    await expectRefusal(['demo', '--dataset', 'mnist', '--data', bad], /train-labels-idx1-ubyte/);
  });
});
