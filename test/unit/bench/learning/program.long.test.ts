import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
    expect(more.stdout).toContain('2 of 4 runs are in');
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

  it('tells its flags', () => {
    const { status, stdout } = bench(['--help']);
    expect(status).toBe(0);
    for (const flag of ['--plans', '--match', '--federated', '--config']) expect(stdout).toContain(flag);
  });
});
