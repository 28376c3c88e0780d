import { lockFile } from '../../../client/headless/files/lock-file.ts';
import { type AnyRow, appendRow, describeTorn, openRows, type RowKind, readRowFile } from './row-file.ts';

/** Something with rows in a file. */
interface Entry {
  readonly out: string;
}

const filesOf = (entries: readonly Entry[]): string[] => [...new Set(entries.map(({ out }) => out))];

const byKey = <Row extends AnyRow>(kind: RowKind<Row>, rows: readonly Row[]): Map<string, Row> =>
  new Map(rows.map(row => [kind.keyOf(row), row]));

/** The rows of each entry's file. */
export class BenchRows<Row extends AnyRow> {
  private readonly kind: RowKind<Row>;
  private readonly files: ReadonlyMap<string, Map<string, Row>>;

  private constructor(kind: RowKind<Row>, files: ReadonlyMap<string, Map<string, Row>>) {
    this.kind = kind;
    this.files = files;
  }

  /**
   * To be read only: a torn line stays where it is.
   * @throws with one line that says which line is not a row
   */
  static read<Row extends AnyRow>(
    kind: RowKind<Row>,
    entries: readonly Entry[],
    say: (line: string) => void,
  ): BenchRows<Row> {
    const files = filesOf(entries).map(path => {
      const { rows, torn } = readRowFile(kind, path);
      if (torn) say(`${describeTorn(path, torn)}: its run has no row.`);
      const others = rows.filter(({ code }) => code !== kind.version).length;
      if (others > 0)
        say(
          `${path}: ${others} of ${rows.length} rows are of another version of the bench, which adds none.`,
        );
      return [path, byKey(kind, rows)] as const;
    });
    return new BenchRows(kind, new Map(files));
  }

  /**
   * To be added to. No other bench can, as long as this process lives.
   * @throws with one line if another one does, or if a line is not a row or of another version of the code
   */
  static open<Row extends AnyRow>(
    kind: RowKind<Row>,
    entries: readonly Entry[],
    say: (line: string) => void,
  ): BenchRows<Row> {
    const paths = filesOf(entries);
    for (const path of paths)
      if (!lockFile(`${path}.lock`))
        throw new Error(
          `another bench is at work on ${path}: wait for its end, or choose another file for rows`,
        );
    return new BenchRows(kind, new Map(paths.map(path => [path, byKey(kind, openRows(kind, path, say))])));
  }

  of({ out }: Entry): ReadonlyMap<string, Row> {
    return this.files.get(out) ?? new Map();
  }

  get all(): Row[] {
    return [...this.files.values()].flatMap(rows => [...rows.values()]);
  }

  add({ out }: Entry, row: Row): void {
    appendRow(out, row);
    this.files.get(out)?.set(this.kind.keyOf(row), row);
  }
}
