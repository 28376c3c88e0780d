import { encodeUtf8 } from '../../math/utf8.ts';
import { type SourceFile, sourceFromBytes } from '../import/source-file.ts';
import { penguinsCsv } from './penguins-csv.ts';

export const loadPenguins = (): SourceFile => sourceFromBytes('penguins.csv', encodeUtf8(penguinsCsv));
