import { type SourceFile, sourceFromBytes } from '../../../shared/datasets/import/source-file.ts';
import { encodeUtf8 } from '../../../shared/math/utf8.ts';
import { errorText } from '../../../shared/protocol/error-text.ts';
import { accepted, refused } from '../../../shared/protocol/refusals.ts';
import type { ChosenFile } from './chosen-files.ts';

/** A pasted text is a file, whose columns are separated by tabs. */
export const pastedSource = (text: string): SourceFile => sourceFromBytes('pasted.tsv', encodeUtf8(text));

/** Only the bytes that are asked for are read. A file that was changed or removed since it was chosen is refused. */
export const sourceFromFile = ({ path, file }: ChosenFile): SourceFile => ({
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
