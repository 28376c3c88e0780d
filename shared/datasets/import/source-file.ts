import { accepted, type Result } from '../../protocol/refusals.ts';
import type { ListedFile } from '../files/dataset-format.ts';

/** A file that was picked in a page, lies in a folder, or is packed in a zip. Its bytes are read when they are wanted. */
export interface SourceFile extends ListedFile {
  readonly bytes: number;
  /** Its bytes, or those from `from` up to `to`. The detail of a refusal follows the file's path: "is damaged". */
  read(from?: number, to?: number): Promise<Result<Uint8Array>>;
}

/** What is in memory already, such as a text that was pasted. */
export const sourceFromBytes = (path: string, bytes: Uint8Array): SourceFile => ({
  path,
  bytes: bytes.length,
  read: async (from, to) => accepted(bytes.subarray(from, to)),
});

export const lastNameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** What programs leave in folders: never meant, and never listed. */
export const isHidden = (path: string): boolean =>
  path.split('/').some(name => name.startsWith('.') || /^(__MACOSX|thumbs\.db|desktop\.ini)$/i.test(name));

/** What ends a long import: an `AbortSignal`. */
export interface StopSignal {
  throwIfAborted(): void;
}
