import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { makeFolder } from '../../../client/headless/files/make-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'homeroom-folder-'));
afterAll(() => rmSync(root, { recursive: true }));

it('makes a folder with all that its path lacks, closed as it was asked, and leaves one that is there', () => {
  const folder = join(root, 'a', 'b', 'c');
  makeFolder(folder, 0o700);
  makeFolder(folder);
  expect(statSync(join(root, 'a')).mode & 0o777).toBe(0o700);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

it('refuses a file of this name, and one on the way', () => {
  writeFileSync(join(root, 'file'), '');
  expect(() => makeFolder(join(root, 'file'))).toThrow('EEXIST');
  expect(() => makeFolder(join(root, 'file', 'sub'))).toThrow('ENOTDIR');
});

it.runIf(existsSync('/proc'))('ends in a folder in which nothing can be made', () => {
  expect(() => makeFolder('/proc/homeroom/sub')).toThrow('ENOENT');
});
