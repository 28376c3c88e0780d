import type { Pictures } from '../../../shared/datasets/examples.ts';
import type { WantedPicture } from '../../../shared/datasets/import/decode-picture.ts';
import type { FileProblem } from '../../../shared/datasets/import/file-problems.ts';
import type { FoundData, TextTable } from '../../../shared/datasets/import/found-data.ts';
import type { Repeat } from '../../../shared/datasets/import/import-data.ts';
import type { HostedDataset } from '../../../shared/protocol/dataset.ts';
import type { Result } from '../../../shared/protocol/refusals.ts';
import type { ChosenFile } from './chosen-files.ts';

/** What a person brings: files, or text that was copied from a spreadsheet. */
export type Given =
  | { readonly kind: 'files'; readonly files: readonly ChosenFile[] }
  | { readonly kind: 'text'; readonly text: string };

/** How a text of columns is read. */
export interface TextReading {
  /** The index of the column of the class. It is guessed if this is null. */
  readonly label: number | null;
  /** Whether numbers that look like the pixels of pictures are a table all the same. */
  readonly asTable: boolean;
}

export interface FoundClass {
  readonly name: string;
  /** Of the training and test examples together. */
  readonly examples: number;
}

/** What was left out or is odd, and is no reason to refuse the data. The lists are cut, the counts are not. */
export interface Problems {
  readonly unreadable: readonly FileProblem[];
  readonly unreadableCount: number;
  /** What there is more than once. Only decoding tells. */
  readonly repeats: readonly Repeat[];
  readonly repeatCount: number;
  readonly notes: readonly string[];
}

/** What is known before everything is decoded. */
export interface Found extends Pick<FoundData, 'kind' | 'name' | 'shape'> {
  readonly classes: readonly FoundClass[];
  /** If the data are a text of columns, one of which holds the class. */
  readonly textTable: TextTable | null;
  /** If the files say which examples are for the test. */
  readonly isSplit: boolean;
  readonly problems: Problems;
}

export interface SplitCounts {
  readonly train: number;
  readonly test: number;
}

export interface UploadChoices {
  readonly name: string;
  readonly classNames: readonly string[];
  readonly wanted: WantedPicture;
  /** From 0 to 1. It is not read if the files bring their own split. */
  readonly testShare: number;
  /** The deployment key, if the platform asks for it. */
  readonly key?: string;
  /** By which the data can be deleted. */
  readonly ownKey: string;
}

export interface UploadedData {
  readonly dataset: HostedDataset;
  /** Whether `ownKey` deletes it. */
  readonly hasKey: boolean;
  readonly problems: Problems;
}

export type OnProgress = (done: number, total: number) => void;

/** Reads what a person brings, in a thread of its own. It holds one source at a time. */
export interface DataReaderApi {
  /**
   * Takes some of the files. A browser looks at each file when it is sent here for the first time, which makes the page
   * wait. So a host's thousands come a hundred at a time.
   * @param isFirst whether they take the place of those before
   */
  take(files: readonly ChosenFile[], isFirst: boolean): Promise<void>;
  /**
   * Finds the data set in the text or, if there is none, in the files that were taken, and puts it in the place of the one
   * before.
   */
  open(text: string | null, reading: TextReading, onProgress: OnProgress): Promise<Result<Found>>;
  /** How many examples the split gives to each side. */
  split(testShare: number): Promise<SplitCounts>;
  /** A few pictures of a class, small, in their own colours. Null if none of them can be read. */
  thumbnails(label: number): Promise<Pictures | null>;
  /** A few pictures of many classes, as the network will see them. Null if none can be read. */
  preview(wanted: WantedPicture): Promise<Pictures | null>;
  /**
   * Decodes everything, cuts it into parts, uploads each as soon as it is full, and registers the data set. It is refused
   * if the platform refuses it or cannot be reached. If it is called again, parts that are there are not sent again.
   */
  upload(choices: UploadChoices, onProgress: OnProgress): Promise<Result<UploadedData>>;
  /** Ends what goes on: it is refused. */
  cancel(): void;
}
