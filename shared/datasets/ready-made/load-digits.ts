import { type SourceFile, sourceFromBytes } from '../import/source-file.ts';
import { digitsCsvGz } from './digits-csv.ts';

/** Every platform has it at run time. But its type lives in the DOM and Node libraries, which `shared` must not see. */
declare const atob: (base64: string) => string;

export const loadDigits = (): SourceFile =>
  sourceFromBytes(
    'digits.csv.gz',
    Uint8Array.from(atob(digitsCsvGz), char => char.charCodeAt(0)),
  );
