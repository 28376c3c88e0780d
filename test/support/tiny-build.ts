import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { BuildStep, StepName } from '../../client/headless/build/build-steps.ts';
import { buildUpTo } from '../../client/headless/build/build-up-to.ts';

/** Writes its source into the folder, and its name into a log of runs; refuses a source that says so. */
const TOOL = `
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
const [, , name, folder] = process.argv;
appendFileSync('runs.log', name + '\\n');
const source = readFileSync('source/' + name + '.txt', 'utf8');
if (source.includes('broken')) {
  console.error('source/' + name + '.txt:1: this is ' + source);
  process.exit(7);
}
writeFileSync(folder + '/made.txt', source);
`;

const stepOf = (name: StepName, inputs: readonly string[]): BuildStep => ({
  name,
  makes: `${name} of the test`,
  inputs,
  output: `dist/${name}`,
  tools: folder => [['tool.mjs', name, folder]],
});

const steps = [
  stepOf('kernels', ['source/kernels.txt']),
  stepOf('pages', ['source/pages.txt', 'dist/kernels']),
  stepOf('worker', ['source/worker.txt', 'source/notes.md']),
];

/** A tree of three sources and the steps that build them, of which the second takes in what the first has made. */
export class TinyBuild {
  readonly root = mkdtempSync(join(tmpdir(), 'homeroom-build-'));
  /** What was told to people. */
  told = '';

  constructor() {
    this.write('tool.mjs', TOOL);
    this.write('runs.log', '');
    for (const { name } of steps) this.write(`source/${name}.txt`, `${name} 1`);
  }

  build = (upTo: StepName = 'worker'): Promise<StepName[]> =>
    buildUpTo(upTo, { root: this.root, steps, stream: { write: text => (this.told += text) } });

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  read = (path: string): string => readFileSync(join(this.root, path), 'utf8');

  /** Names of the steps whose tool has run, in order. */
  get runs(): string[] {
    return this.read('runs.log').split('\n').filter(Boolean);
  }

  remove = (path = ''): void => rmSync(join(this.root, path), { recursive: true });
}
