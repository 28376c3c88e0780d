import type { ReadonlySignal } from '@preact/signals';
import type { Pictures } from '../../../shared/datasets/examples.ts';
import type { PictureStyle } from '../../../shared/datasets/picture-style.ts';
import type { Column, ExampleKind } from '../../../shared/protocol/dataset.ts';
import type { ImageShape } from '../../../shared/protocol/part-size.ts';
import type { Guess, Samples } from '../../trainer/trainer-api.ts';

/** What a network makes of a picture. */
export interface Answer {
  /** The likeliest class first. */
  readonly guesses: readonly Guess[];
  /** Which version says so; null if the network has no versions. */
  readonly version: number | null;
}

/** A network that visitors try, wherever it runs. */
export interface Subject {
  readonly shape: ImageShape;
  readonly classNames: readonly string[];
  /** Of a table, whose rows are pictures of one line. */
  readonly columns?: readonly Column[] | undefined;
  /** Changes if there is a newer version to ask; null if the network has no versions. */
  readonly newest: ReadonlySignal<number | null>;
  /** How a drawing must look. */
  style(): Promise<PictureStyle>;
  /** Pictures that the network was not trained on, with their labels; null if there are none. */
  samples(): Promise<Samples | null>;
  /** What the newest version makes of a picture. @throws an error whose message says what to do */
  answer(picture: Pictures): Promise<Answer>;
}

/** What an example is called that it is asked with. */
export const kindOf = ({ columns }: Pick<Subject, 'columns'>): ExampleKind => (columns ? 'row' : 'picture');
