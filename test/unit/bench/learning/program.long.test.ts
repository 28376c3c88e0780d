import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { boundMs } from '../../../support/patience.ts';

const PROGRAM = fileURLToPath(new URL('../../../bench/learning.ts', import.meta.url));

const bench = (flags: string[]) =>
  spawnSync(process.execPath, [PROGRAM, ...flags], { encoding: 'utf8', timeout: boundMs(10_000) });

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'homeroom-bench-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the learning bench as a program', () => {
  const flags = ['--models=cnn-tiny', '--dataset=glyphs', '--examples=100', '--lease-examples=50'];
  const tiny = (out: string) => [
    ...flags,
    '--plans=conventional,student-alone',
    '--budget=1',
    '--seeds=1,',
    '--out',
    out,
  ];

  it('adds a row a run, goes on where it was, and writes its table, plot and report', () => {
    const [out, plot, json] = ['rows.jsonl', 'plot.svg', 'report.json'].map(name => join(folder, name));
    if (!out || !plot || !json) throw new Error('no names');
    const first = bench(tiny(out));
    expect(first).toMatchObject({ status: 0, stderr: '' });
    const rows = readFileSync(out, 'utf8');
    expect(rows.trim().split('\n')).toHaveLength(2);
    const more = bench([...tiny(out), '--seeds=2', '--plot', plot, '--json', json]);
    expect(more.stdout).toContain('2 of 4 runs are done already');
    expect(more.stdout).toContain('student-alone (control)');
    expect(readFileSync(out, 'utf8').startsWith(rows)).toBe(true);
    expect(readFileSync(plot, 'utf8').match(/<circle /g)).toHaveLength(4);
    const report = JSON.parse(readFileSync(json, 'utf8'));
    expect(report).toMatchObject({ name: 'learning', settings: { terms: { dataset: 'glyphs' } } });
    expect(report.results).toHaveLength(4);
    expect(report.results[0]).toMatchObject({ plan: 'conventional', seed: 1, uploadMB: 0, failed: null });
  });

  it.each([
    [['--nope'], "Unknown option '--nope'"],
    [['--plans=magic'], "--plans: there is no plan 'magic'"],
    [['--out=/nowhere/rows.jsonl'], '--out: /nowhere is not a folder'],
    [['--out=test'], '--out: test is a folder, not a file'],
    [['--config=/nowhere/arms.json'], '--config: /nowhere/arms.json cannot be read'],
    [[...flags, '--plans=growing-together:cut=nowhere'], 'nowhere: it has no such layer'],
  ])('refuses %j in one line, before any work', (wrong, reason) => {
    const out = join(folder, 'none.jsonl');
    const { status, stderr } = bench(
      wrong.some(flag => flag.startsWith('--out')) ? wrong : [...wrong, '--out', out],
    );
    expect(status).toBe(2);
    expect(stderr).toContain(reason);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(existsSync(out)).toBe(false);
  });

  it.each([
    [['--queue=/nowhere/queue.json'], '--queue: /nowhere/queue.json cannot be read'],
    [['--status'], '--status needs --queue'],
    [['--queue=queue.json', '--models=cnn'], 'leave out --models'],
    [['--backend=cuda'], '--backend takes wasm, webgpu'],
    [['--backend=webgpu', '--threads=2'], '--threads: a graphics card has none'],
    [['--processes=0'], '--processes takes whole numbers'],
  ])('refuses %j in one line', (wrong, reason) => {
    const { status, stderr } = bench(wrong);
    expect(status).toBe(2);
    expect(stderr).toContain(reason);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('tells its flags', () => {
    const { status, stdout } = bench(['--help']);
    expect(status).toBe(0);
    for (const flag of [
      '--plans',
      '--match',
      '--federated',
      '--config',
      '--queue',
      '--devices',
      '--own',
      '--backend',
    ])
      expect(stdout).toContain(flag);
  });
});

describe('a queue of the learning bench', () => {
  const terms = { dataset: 'glyphs', examples: 400, leaseExamples: 50, budget: 100 };
  const arms = [
    { arm: 'conventional', model: 'cnn-tiny', plan: 'conventional' },
    { arm: 'student-alone', model: 'cnn-tiny', plan: 'student-alone' },
  ];
  const entry = { name: 'tiny', terms, seeds: [1], arms };
  let queue = '';
  let rows = '';
  const write = (...runs: object[]) => writeFileSync(queue, JSON.stringify({ out: 'queue.jsonl', runs }));
  beforeEach(() => {
    queue = join(folder, 'queue.json');
    rows = join(folder, 'queue.jsonl');
    rmSync(rows, { force: true });
  });
  const short = { ...terms, budget: 1 };
  const linesOf = () => readFileSync(rows, 'utf8').trim().split('\n');

  /** Starts the queue, and does something once it is at work on its first run. */
  async function atWork<T>(act: (child: ChildProcess) => T, ...more: string[]) {
    const args = [PROGRAM, '--queue', queue, ...more];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = new Promise<number | null>(resolve => child.on('exit', resolve));
    let printed = '';
    let acted: T | undefined;
    child.stderr.on('data', text => {
      printed += text;
    });
    for await (const text of child.stdout) {
      printed += text;
      if (acted === undefined && printed.includes('begins')) acted = act(child);
    }
    return { status: await ended, printed, acted };
  }

  it('runs once at a time, and goes on after a kill', async () => {
    write(entry);
    const { acted } = await atWork(child => {
      const second = bench(['--queue', queue]);
      child.kill('SIGKILL');
      return second;
    });
    expect(acted).toMatchObject({
      status: 2,
      stderr: `another bench is at work on ${rows}: wait for its end, or choose another file for rows\n`,
    });
    expect(existsSync(rows)).toBe(false);
    write({ ...entry, terms: short });
    expect(bench(['--queue', queue])).toMatchObject({ status: 0, stderr: '' });
    expect(linesOf()).toHaveLength(2);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends at %s after the round in hand, and says what is left', async (signal, status) => {
    write(entry);
    const ended = await atWork(child => child.kill(signal));
    expect(ended.status).toBe(status);
    expect(ended.printed).toContain('Stopped: 2 runs are left.');
    expect(ended.printed).not.toContain('    at ');
    expect(existsSync(rows)).toBe(false);
  });

  it('ends several runs at once at SIGTERM, and adds no row of them', async () => {
    write(entry);
    const ended = await atWork(child => child.kill('SIGTERM'), '--processes=2');
    expect(ended.status).toBe(143);
    expect(ended.printed).toContain('Stopped: 2 runs are left.');
    expect(existsSync(rows)).toBe(false);
  });

  it('gives the same rows in several processes, and no seed before its rate is chosen', () => {
    write({ ...entry, terms: short, tune: { seeds: [11], rates: [0.05, 0.01] } });
    const alone = bench(['--queue', queue]);
    const byRun = () => linesOf().map(line => ({ ...JSON.parse(line), seconds: 0, peakMemoryMBByRole: {} }));
    const keyed = () =>
      new Map(byRun().map(row => [JSON.stringify([row.arm, row.split, row.learningRate]), row]));
    const expected = keyed();
    rmSync(rows);
    const { status, stdout } = bench(['--queue', queue, '--processes=2']);
    expect([alone.status, status]).toEqual([0, 0]);
    expect(keyed()).toEqual(expected);
    expect(linesOf()).toHaveLength(6);
    expect(stdout).toContain('tiny: 6 of 6 runs are done');
  });

  it('repeats the run of a torn last line with the same result', () => {
    write({ ...entry, terms: short });
    bench(['--queue', queue]);
    const accuracies = () => linesOf().map(line => JSON.parse(line).accuracy);
    const whole = accuracies();
    truncateSync(rows, readFileSync(rows).length - 50);
    expect(bench(['--queue', queue, '--status']).stdout).toContain('tiny: 1 of 2 runs are done, 1 is left');
    const { stdout } = bench(['--queue', queue]);
    expect(stdout).toContain(`${rows}:2 is torn`);
    expect(stdout).toContain('1 run is left');
    expect(accuracies()).toEqual(whole);
  });

  it('chooses rates by its rows, and tells pairs', () => {
    const tune = { seeds: [11], rates: [0.05, 0.01] };
    write({ ...entry, terms: short, tune, pairs: [['conventional', 'student-alone:student']] });
    const { stdout } = bench(['--queue', queue]);
    const told = linesOf().map(line => JSON.parse(line));
    expect(told.map(({ split }) => split)).toEqual(['dev', 'dev', 'dev', 'dev', 'test', 'test']);
    const tries = told.filter(({ split, arm }) => split === 'dev' && arm === 'conventional');
    const best = tries.reduce((most, one) => (one.accuracy > most.accuracy ? one : most));
    expect(told[4]).toMatchObject({ arm: 'conventional', learningRate: best.learningRate });
    expect(stdout).toContain('conventional − student-alone:student');
    expect(bench(['--queue', queue]).stdout).toContain('6 of 6 runs are done already.');
    expect(linesOf()).toHaveLength(6);
  });

  it.each<[object, string]>([
    [
      {
        ...entry,
        arms: [
          ...arms,
          { model: 'cnn-tiny', plan: 'growing-together', settings: { growAt: 0.5, freezeAt: 0.1 } },
        ],
      },
      'tiny: cnn-tiny by growing-together',
    ],
    [{ ...entry, arms: [{ ...arms[0], cuts: ['nowhere'] }] }, 'nowhere: it has no such layer'],
    [
      {
        ...entry,
        terms: {
          dataset: 'glyphs',
          examples: 400,
          federated: true,
          own: true,
          match: 'rounds',
          devices: '0.5:1,0.5:3',
        },
      },
      'there is no depth 3 in a network of 2 segments',
    ],
  ])('is refused before anything runs: %j', (wrong, reason) => {
    write({ ...entry, terms: short }, wrong);
    const { status, stderr } = bench(['--queue', queue]);
    expect(status).toBe(2);
    expect(stderr).toContain(reason);
    expect(existsSync(rows)).toBe(false);
  });
});
