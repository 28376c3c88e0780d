/** Names of classes as they stand in folders and cells, made fit for a data set's description. */
import { MAX_NAME_LENGTH } from '../../protocol/dataset.ts';
import { isPlain, toOneLine } from '../../protocol/one-line.ts';
import { MAX_CLASSES } from '../../protocol/part-size.ts';
import { accepted, type Result, refused } from '../../protocol/refusals.ts';

/** In the order of their numbers if all are numbers, otherwise of their characters: the same on every machine. */
export function sortNames(names: Iterable<string>): string[] {
  const all = [...names];
  const areNumbers = all.every(name => /^-?\d+(\.\d+)?$/.test(name));
  return areNumbers
    ? all.toSorted((a, b) => Number(a) - Number(b))
    : all.toSorted((a, b) => (a < b ? -1 : 1));
}

/** Names that people can read and tell apart, in the same order. */
export function shownNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map(name => {
    const line = name.replace(/[\t\r\n]+/g, ' ');
    const plain = (isPlain(line) ? line : toOneLine(line)).trim() || 'no name';
    let [shown, times] = [cut(plain, ''), 1];
    while (taken.has(shown)) {
      times += 1;
      shown = cut(plain, ` (${times})`);
    }
    taken.add(shown);
    return shown;
  });
}

/** Cuts before a character, not within one. */
function cut(name: string, end: string): string {
  let kept = '';
  for (const char of name) {
    if (kept.length + char.length + end.length > MAX_NAME_LENGTH) break;
    kept += char;
  }
  return kept + end;
}

/** Refused as `malformed` if there is nothing to tell apart, or more than a label can name. `each` is "folder" or "value". */
export function checkClasses(names: readonly string[], what: string, each: string): Result<null> {
  if (names.length > MAX_CLASSES)
    return refused(
      'malformed',
      `${what} has ${names.length} classes, one for each ${each}: at most ${MAX_CLASSES} are possible`,
    );
  if (names.length < 2)
    return refused(
      'malformed',
      names.length === 0
        ? `${what} has nothing that can be read`
        : `${what} has one class only (${shownNames(names)[0]}): there is nothing to tell apart, so add a ${each} of another class`,
    );
  return accepted(null);
}
