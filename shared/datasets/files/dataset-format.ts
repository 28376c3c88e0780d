/** What a format of data sets is: which files it has by their names, and how they are read. */
import type { Result } from '../../protocol/refusals.ts';
import type { LabelledPictures } from '../examples.ts';

/** A file as a folder or a page's file picker lists it. */
export interface ListedFile {
  /** Relative to the folder, with `/` between names. */
  readonly path: string;
  /** Why it cannot be read, if so: "it is a folder". */
  readonly problem?: string;
}

/** The problem of an entry that is a folder. A folder is in the place of no file, unless it is called as one. */
export const IS_FOLDER = 'it is a folder, not a file';

/** What a file is by its name. */
export interface Slot {
  /** Which data set it belongs to. Empty if names do not say: MNIST and Fashion-MNIST have the same ones. */
  readonly set: string;
  /** Which of its files it is. Two files of one slot must hold the same. */
  readonly slot: string;
}

/** Reads an unpacked file. `name` is the file's in refusals. */
export type ReadContent<T> = (bytes: Uint8Array, name: string) => Result<T>;

/** A file that was unpacked and read. */
export interface OpenFile<T> {
  readonly name: string;
  readonly content: T;
}

/** The files of the data set that is read. */
export interface SlotSource {
  readonly set: string;
  readonly slots: ReadonlySet<string>;
  open<T>(slot: string, read: ReadContent<T>): Promise<Result<OpenFile<T>>>;
  /** Tells the user something that is no reason to refuse. */
  note(text: string): void;
}

/** Which labels of CIFAR-100 are learnt: its 100 classes, or the 20 that they fall into. */
export type LabelChoice = 'fine' | 'coarse';

export interface ReadPictures {
  readonly train: LabelledPictures;
  readonly test: LabelledPictures;
  /** If the format fixes their number. Otherwise the labels do. */
  readonly classes?: number;
  readonly classNames?: readonly string[];
}

export interface DatasetFormat {
  /**
   * What the file of this name is. The name is in small letters and without `.gz`. It is matched whole, so that half a
   * download, a copy or an editor's backup is nothing.
   */
  slotOf(name: string): Slot | undefined;
  /** Names of the files that a set must have and that are not among these. */
  lacking(set: string, slots: ReadonlySet<string>): string[];
  read(source: SlotSource, labels: LabelChoice): Promise<Result<ReadPictures>>;
}
