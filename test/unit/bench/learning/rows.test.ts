import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keyOf } from '../../../bench/learning/learning-run.ts';
import { Diverged } from '../../../bench/learning/outcome.ts';
import { failedRow, isDone, learningRows } from '../../../bench/learning/rows.ts';
import { readTerms } from '../../../bench/learning/settings/read-terms.ts';
import { readSettings, runsOf } from '../../../bench/learning/settings/settings.ts';
import { LEARNING_VERSION } from '../../../bench/learning/version.ts';
import { BenchRows } from '../../../bench/rows/bench-rows.ts';
import { appendRow, openRows, readRowFile } from '../../../bench/rows/row-file.ts';
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
    expect(readRowFile(learningRows, path).rows).toEqual([]);
    const rows = [someRow(), someRow({ seed: 2 })];
    for (const row of rows) appendRow(path, row);
    expect(readRowFile(learningRows, path).rows).toEqual(rows);
  });

  it('of another version are told to who asks how far a queue is', () => {
    appendRow(path, someRow());
    appendRow(path, someRow({ seed: 2, code: LEARNING_VERSION - 1 }));
    const said: string[] = [];
    const entry = {
      name: null,
      out: path,
      terms: readTerms({}),
      arms: [],
      seeds: [],
      tuneSeeds: [],
      pairs: [],
    };
    expect(BenchRows.read(learningRows, [entry], line => said.push(line)).all).toHaveLength(2);
    expect(said).toEqual([`${path}: 1 of 2 rows are of another version of the bench, which adds none.`]);
  });

  it('are of the same run on any backend', () => {
    appendRow(path, someRow());
    const onCard = someRow({ backend: 'webgpu', gpu: 'a card', accuracy: 0.51 });
    appendRow(path, onCard);
    expect(readRowFile(learningRows, path).rows).toEqual([onCard]);
  });

  it('are the newest of each run', () => {
    appendRow(path, someRow({ accuracy: null, failed: 'out of memory' }));
    appendRow(path, someRow({ accuracy: 0.6 }));
    expect(readRowFile(learningRows, path).rows).toEqual([someRow({ accuracy: 0.6 })]);
  });

  it.each(['{"model":\n', '{"model":"cnn-5"}\n', '[]\n'])(
    'are refused with the line that is none: %j',
    line => {
      appendRow(path, someRow());
      appendFileSync(path, line);
      appendRow(path, someRow({ seed: 2 }));
      expect(() => readRowFile(learningRows, path)).toThrow(`${path}:2 is not a row of this bench`);
      expect(() => openRows(learningRows, path, () => {})).toThrow(`${path}:2 is not a row of this bench`);
    },
  );

  it('are refused if the last line is whole and is none', () => {
    appendFileSync(path, '{"model":"cnn-5"}');
    expect(() => openRows(learningRows, path, () => {})).toThrow(`${path}:1 is not a row of this bench`);
  });

  it('that were published before there were arms, exits, versions and backends are read, as of WebAssembly', () => {
    const {
      arm: _,
      exits,
      code,
      devices,
      allStrong,
      ownPictures,
      uploadMBByRole,
      macsByRole,
      backend,
      gpu,
      ...old
    } = someRow();
    appendFileSync(path, `${JSON.stringify({ ...old, accuracyByExit: { 'segment-2': 0.5 } })}\n`);
    expect(readRowFile(learningRows, path).rows).toEqual([someRow({ exits: {}, code: null })]);
  });
});

describe('a file of rows that others are added to', () => {
  const open = () => {
    const said: string[] = [];
    return { rows: openRows(learningRows, path, line => said.push(line)), said };
  };

  it.each([1, 20, 300])('loses a last line that is torn, %i bytes before its end, and says so', missing => {
    appendRow(path, someRow());
    const whole = readFileSync(path);
    appendRow(path, someRow({ seed: 2 }));
    truncateSync(path, readFileSync(path).length - 1 - missing);
    expect(readRowFile(learningRows, path)).toMatchObject({ rows: [someRow()], torn: { line: 2 } });
    const { rows, said } = open();
    expect(rows).toEqual([someRow()]);
    expect(said).toEqual([expect.stringContaining(`${path}:2 is torn`)]);
    expect(readFileSync(path)).toEqual(whole);
    appendRow(path, someRow({ seed: 2 }));
    expect(open()).toEqual({ rows: [someRow(), someRow({ seed: 2 })], said: [] });
  });

  it('keeps a last row that lacks only its end', () => {
    appendRow(path, someRow());
    truncateSync(path, readFileSync(path).length - 1);
    expect(open()).toEqual({ rows: [someRow()], said: [] });
    appendRow(path, someRow({ seed: 2 }));
    expect(readRowFile(learningRows, path).rows).toHaveLength(2);
  });

  it.each([
    [null, 'of no version'],
    [LEARNING_VERSION + 1, `of version ${LEARNING_VERSION + 1}`],
  ])('has no row of another version of the code: %j', (code, told) => {
    appendRow(path, someRow());
    appendFileSync(path, '\n');
    appendRow(path, someRow({ seed: 2, code }));
    expect(open).toThrow(`${path}:3 is a row ${told}`);
    expect(readRowFile(learningRows, path).rows).toHaveLength(2);
  });
});

const ON = { backend: 'webgpu', gpu: 'a card', threads: 1 } as const;

describe('a run that failed', () => {
  const [run] = runsOf(readSettings({ plans: 'conventional' }, () => ''));
  if (!run) throw new Error('no run');

  it('is a row that says why and is known by its run', () => {
    const row = failedRow(run, new Error('out of memory\nat …'), ON);
    expect(row).toMatchObject({ accuracy: null, failed: 'out of memory', diverged: false, ...ON });
    appendRow(path, row);
    expect(readRowFile(learningRows, path).rows.map(keyOf)).toEqual([keyOf(row)]);
  });

  it('is done anew, but for one that diverged: that is its result', () => {
    expect(isDone(failedRow(run, new Error('out of memory'), ON))).toBe(false);
    expect(isDone(failedRow(run, new Diverged(3, 80), ON))).toBe(true);
    expect(isDone(someRow())).toBe(true);
  });
});
