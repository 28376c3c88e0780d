/** What was found in the files that somebody brought, before any picture is decoded. */
import type { Column, Split } from '../../protocol/dataset.ts';
import type { ImageShape } from '../../protocol/part-size.ts';
import type { Result } from '../../protocol/refusals.ts';
import type { WantedPicture } from './decode-picture.ts';
import type { FileProblem } from './file-problems.ts';

/** A picture or a row, with its class. */
export interface FoundItem {
  readonly label: number;
  /** Where it is from, for people. */
  readonly path: string;
  /** If the source says so. */
  readonly split?: Split;
  /** Height × width of its file. It bounds how many are decoded at once. */
  readonly area?: number;
}

export interface TextColumn {
  readonly name: string;
  readonly isNumeric: boolean;
  /** What stands in the first row. */
  readonly sample: string;
}

/** A text of rows and columns. Which column has the classes can be chosen. */
export interface TextTable {
  readonly columns: readonly TextColumn[];
  /** The index of the column that was taken for the classes. */
  readonly labelColumn: number;
  /** Whether the other columns look like the pixels of pictures. */
  readonly looksLikePixels: boolean;
}

export interface PictureReader {
  /** How numbers became bytes, if this is a table. */
  readonly columns?: readonly Column[];
  read(index: number): Promise<Result<Uint8Array>>;
}

export interface FoundData {
  /** Pictures of any sizes; pixels, which are pictures of one size; or rows of numbers. */
  readonly kind: 'pictures' | 'pixels' | 'table';
  /** A name for the data set. */
  readonly name: string;
  readonly classNames: readonly string[];
  readonly items: readonly FoundItem[];
  /** The shape of every item or, if it can be chosen, the one that suits. */
  readonly shape: ImageShape;
  readonly textTable?: TextTable;
  /** What is left out, at most `MAX_LISTED` of them. */
  readonly problems: readonly FileProblem[];
  readonly problemCount: number;
  /** What people should know, a line each. */
  readonly notes: readonly string[];
  /**
   * Reads items as the data set will have them.
   * @param train the items that are trained on, by which a table is scaled; all if left out
   */
  open(wanted: WantedPicture, train?: readonly number[]): PictureReader;
}
