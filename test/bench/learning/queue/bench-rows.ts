import { lockFile } from '../../../../client/headless/files/lock-file.ts';
import { keyOf } from '../learning-run.ts';
import { appendRow, describeTorn, openRows, readRowFile } from '../row-file.ts';
import type { LearningRow } from '../rows.ts';
import { LEARNING_VERSION } from '../version.ts';
import type { BenchEntry, RowsByKey } from './entry.ts';

const filesOf = (entries: readonly BenchEntry[]): string[] => [...new Set(entries.map(({ out }) => out))];

const byKey = (rows: readonly LearningRow[]): Map<string, LearningRow> =>
  new Map(rows.map(row => [keyOf(row), row]));

/** The rows of each entry's file. */
export class BenchRows {
  private readonly files: ReadonlyMap<string, Map<string, LearningRow>>;

  private constructor(files: ReadonlyMap<string, Map<string, LearningRow>>) {
    this.files = files;
  }

  /**
   * To be read only: a torn line stays where it is.
   * @throws with one line that says which line is not a row
   */
  static read(entries: readonly BenchEntry[], say: (line: string) => void): BenchRows {
    const files = filesOf(entries).map(path => {
      const { rows, torn } = readRowFile(path);
      if (torn) say(`${describeTorn(path, torn)}: its run has no row.`);
      const others = rows.filter(({ code }) => code !== LEARNING_VERSION).length;
      if (others > 0)
        say(
          `${path}: ${others} of ${rows.length} rows are of another version of the bench, which adds none.`,
        );
      return [path, byKey(rows)] as const;
    });
    return new BenchRows(new Map(files));
  }

  /**
   * To be added to. No other bench can, as long as this process lives.
   * @throws with one line if another one does, or if a line is not a row or of another version of the code
   */
  static open(entries: readonly BenchEntry[], say: (line: string) => void): BenchRows {
    const paths = filesOf(entries);
    for (const path of paths)
      if (!lockFile(`${path}.lock`))
        throw new Error(
          `another bench is at work on ${path}: wait for its end, or choose another file for rows`,
        );
    return new BenchRows(new Map(paths.map(path => [path, byKey(openRows(path, say))])));
  }

  of({ out }: BenchEntry): RowsByKey {
    return this.files.get(out) ?? new Map();
  }

  get all(): LearningRow[] {
    return [...this.files.values()].flatMap(rows => [...rows.values()]);
  }

  add({ out }: BenchEntry, row: LearningRow): void {
    appendRow(out, row);
    this.files.get(out)?.set(keyOf(row), row);
  }
}
