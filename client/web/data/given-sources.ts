import { type SourceFile, sourceFromBytes } from '../../../shared/datasets/import/source-file.ts';
import { encodeUtf8 } from '../../../shared/math/utf8.ts';
import { errorText } from '../../../shared/protocol/error-text.ts';
import { accepted, refused } from '../../../shared/protocol/refusals.ts';
import type { ChosenFile } from './chosen-files.ts';
import type { Given } from './data-reader-api.ts';

/** What is given, as files to read from. A pasted text is one file, whose columns are separated by tabs. */
export const givenSources = (given: Given): SourceFile[] =>
  given.kind === 'text'
    ? [sourceFromBytes('pasted.tsv', encodeUtf8(given.text))]
    : given.files.map(sourceFromFile);

/** Only the bytes that are asked for are read. A file that was changed or removed since it was chosen is refused. */
const sourceFromFile = ({ path, file }: ChosenFile): SourceFile => ({
  path,
  bytes: file.size,
  read: async (from = 0, to = file.size) => {
    try {
      return accepted(new Uint8Array(await file.slice(from, to).arrayBuffer()));
    } catch (error) {
      return refused('not-found', `cannot be read: ${errorText(error)}`);
    }
  },
});
