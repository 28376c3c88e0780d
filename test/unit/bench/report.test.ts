import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const NO_NAME = "--json takes a file's name";
const NO_FOLDER = '--json: /nowhere is not a folder that can be written to';

test.each([
  ...['chaos', 'cost', 'join', 'load', 'simulate', 'step'].map(bench => [bench, '', NO_NAME]),
  ...['cost', 'join', 'step'].map(bench => [bench, '/nowhere/x', NO_FOLDER]),
])('%s refuses to write into "%s" in one line, before it begins', (bench, file, line) => {
  const args = [`test/bench/${bench}.ts`, `--json=${file}`];
  const { status, stderr, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect([stderr, stdout, status]).toEqual([`${line}\n`, '', 2]);
});
