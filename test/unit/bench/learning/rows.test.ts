import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keyOf } from '../../../bench/learning/learning-run.ts';
import { Diverged } from '../../../bench/learning/outcome.ts';
import { appendRow, failedRow, isDone, readRows } from '../../../bench/learning/rows.ts';
import { readSettings, runsOf } from '../../../bench/learning/settings.ts';
import { someRow } from './some-rows.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'homeroom-rows-'));
  path = join(folder, 'rows.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the rows of a file', () => {
  it('come back as they were appended', () => {
    expect(readRows(path)).toEqual([]);
    const rows = [someRow(), someRow({ seed: 2 })];
    for (const row of rows) appendRow(path, row);
    expect(readRows(path)).toEqual(rows);
  });

  it('are the newest of each run', () => {
    appendRow(path, someRow({ accuracy: null, failed: 'out of memory' }));
    appendRow(path, someRow({ accuracy: 0.6 }));
    expect(readRows(path)).toEqual([someRow({ accuracy: 0.6 })]);
  });

  it('are refused with the line that is none', () => {
    appendRow(path, someRow());
    appendFileSync(path, '{"model":\n');
    expect(() => readRows(path)).toThrow(`${path}:2 is not a row of this bench`);
  });
});

describe('a run that failed', () => {
  const [run] = runsOf(readSettings({ plans: 'conventional' }, () => ''));
  if (!run) throw new Error('no run');

  it('is a row that says why and is known by its run', () => {
    const row = failedRow(run, new Error('out of memory\nat …'), 1);
    expect(row).toMatchObject({ accuracy: null, failed: 'out of memory', diverged: false });
    appendRow(path, row);
    expect(readRows(path).map(keyOf)).toEqual([keyOf(row)]);
  });

  it('is done anew, but for one that diverged: that is its result', () => {
    expect(isDone(failedRow(run, new Error('out of memory'), 1))).toBe(false);
    expect(isDone(failedRow(run, new Diverged(3, 80), 1))).toBe(true);
    expect(isDone(someRow())).toBe(true);
  });
});
