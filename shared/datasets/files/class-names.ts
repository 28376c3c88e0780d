/** The names of classes, which people read and nothing else depends on. */

import { readTextLines } from '../../math/utf8.ts';
import { MAX_NAME_LENGTH } from '../../protocol/dataset.ts';
import { isPlain } from '../../protocol/one-line.ts';
import { accepted, type Result, refused } from '../../protocol/refusals.ts';
import { describeStart } from './file-starts.ts';

/** The lines of a text file. Any bytes are text, so a file of another kind is known by its first ones only. */
export function readLines(bytes: Uint8Array, name: string): Result<string[]> {
  const problem = describeStart(bytes);
  return problem === undefined ? accepted(readTextLines(bytes)) : refused('malformed', `${name} ${problem}`);
}

/** Why these names cannot be used for so many classes, in words. Undefined if they can. */
export function findNamesProblem(names: readonly string[], classes: number): string | undefined {
  if (names.length !== classes) return `has ${names.length} lines for ${classes} classes`;
  const bad = names.findIndex(name => name.length > MAX_NAME_LENGTH || !isPlain(name));
  if (bad === -1) return undefined;
  return `has in line ${bad + 1} more than a name of up to ${MAX_NAME_LENGTH} characters that can be printed`;
}
