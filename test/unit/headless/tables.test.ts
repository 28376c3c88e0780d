import { expect, it, vi } from 'vitest';
import { formatTable } from '../../../client/headless/terminal/format-table.ts';
import { RoundTable } from '../../../client/headless/terminal/round-table.ts';
import { cutToWidth, widthOf, wrapText } from '../../../client/headless/terminal/text-width.ts';
import { runSpecSchema } from '../../../shared/protocol/run-spec.ts';
import { emptyView } from '../../../shared/view/empty-view.ts';
import { tinyRequest } from '../../support/tiny-run.ts';

const COLUMNS = [{ title: 'name', isText: true }, { title: 'count' }];

/** The cell at which each line's last word ends. */
const ends = (table: string): number[] => table.split('\n').map(widthOf);

it('counts the cells that a terminal gives to letters, accents, emoji and East Asian characters', () => {
  const widths = ['abc', 'e\u0301', '数字', '👩‍👩‍👧', '❤️', '…–·', '１', '🇩🇪'].map(widthOf);
  expect(widths).toEqual([3, 1, 4, 2, 2, 3, 2, 2]);
});

it('cuts text without halving a character', () => {
  expect(cutToWidth('a👩‍👩‍👧b', 2)).toBe('a');
  expect(cutToWidth('a👩‍👩‍👧b', 3)).toBe('a👩‍👩‍👧');
});

it('wraps text between words, behind hyphens, and within a word that is longer than a line', () => {
  expect(wrapText('2 student by clipped-mean', 10)).toEqual(['2 student', 'by', 'clipped-', 'mean']);
  expect(wrapText('数字数字', 5)).toEqual(['数字', '数字']);
  expect(wrapText('', 5)).toEqual(['']);
});

it('keeps the columns in line if names have wide characters', () => {
  const table = formatTable(
    COLUMNS,
    [
      ['数字', '1'],
      ['👩‍👩‍👧 family', '20'],
      ['plain', '3'],
    ],
    80,
  );
  expect(new Set(ends(table)).size).toBe(1);
});

it('goes on in the next line if a name is longer than the terminal is wide', () => {
  const table = formatTable(COLUMNS, [[`${'very '.repeat(20)}long`, '1']], 30);
  expect(Math.max(...ends(table))).toBe(30);
  expect(table.replaceAll(/\s+/g, ' ')).toContain('very very very very 1 very');
  expect(table.match(/very/g)).toHaveLength(20);
});

it('tells rows in words if the terminal has no room for the columns', () => {
  expect(
    formatTable(
      COLUMNS,
      [
        ['a', '1'],
        ['', '2'],
      ],
      8,
    ),
  ).toBe('name a · count 1\ncount 2');
});

const round = {
  ...{ round: 1, version: 1, at: 1_000, updates: { student: 2, teacher: 2 }, late: 1 },
  ...{ fallback: { student: 'clipped-mean', teacher: 'clipped-mean' } as const },
  ...{ loss: { student: 1.9, teacher: 0.3 }, testLoss: 0.3, accuracy: 0.918, unconfirmed: true as const },
  ...{ bytesUp: 94_700, bytesDown: 999_900, refused: 0 },
};

/** What a terminal of so many cells shows of a run's rounds. */
function shownAt(room: number): string {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  const { spec, model } = tinyRequest();
  const table = new RoundTable({ spec: runSpecSchema.parse(spec), model }, room);
  table.start();
  table.update({ ...emptyView(), openedAt: 0, rounds: [round] });
  const lines = log.mock.calls.map(([line]) => String(line)).join('\n');
  log.mockRestore();
  return lines;
}

it.each([Number.POSITIVE_INFINITY, 120, 80])(
  'holds the columns of the rounds in %s cells though another rule stood in',
  room => {
    const lines = shownAt(room).split('\n');
    expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(Math.min(room, 111));
    for (const word of ['student', 'clipped-', 'teacher']) expect(lines.join(' ')).toContain(word);
    // Each title ends where its figure ends.
    expect(lines.find(line => line.includes('94.7'))?.indexOf('94.7 kB')).toBe(
      (lines.find(line => line.includes('down'))?.search(/up +down/) ?? 0) + 'up'.length - '94.7 kB'.length,
    );
  },
);

it('tells each round in words in a terminal of 60 cells', () => {
  expect(shownAt(60)).toMatch(/^round 1 · time 1\.0 s · updates 2 student by clipped-mean, .* · refused 0$/);
});
