import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../../client/headless/package-root.ts';
import { boundMs } from '../../support/patience.ts';

const { scripts } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));

/** Every script that is a program of the tests', with the program's file. */
const programs = Object.entries(scripts).flatMap(([name, command]) => {
  const file = /node (?:--\S+ )*(test\/(?:bench|coverage)\/\S+\.ts)/.exec(String(command))?.[1];
  return file === undefined ? [] : [[name, file] as const];
});

test('the programs are found', () => {
  expect(programs.map(([name]) => name)).toEqual(
    expect.arrayContaining(['coverage', 'simulate', 'bench:step']),
  );
});

test.each(programs)('`npm run %s -- --help` says what it does and does nothing', (name, file) => {
  const args = [join(packageRoot, file), '--help'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    timeout: boundMs(5_000),
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(new RegExp(`^npm run ${name}\\b`));
});
