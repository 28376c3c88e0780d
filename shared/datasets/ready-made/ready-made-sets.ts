/** The small data sets that every release has: what people are told of them. Their data are loaded only if one is chosen. */
import type { ImageShape } from '../../protocol/part-size.ts';
import type { SourceFile } from '../import/source-file.ts';

export interface ReadyMadeSet {
  readonly name: string;
  readonly isTable: boolean;
  readonly shape: ImageShape;
  readonly classes: number;
  readonly trainExamples: number;
  readonly testExamples: number;
  /** Who made it, and what its licence is. */
  readonly source: string;
  /** Its file, as if somebody had brought it. */
  readonly load: () => Promise<SourceFile>;
}

export const readyMadeSets: readonly ReadyMadeSet[] = [
  {
    name: 'digits',
    isTable: false,
    shape: { height: 8, width: 8, channels: 1 },
    classes: 10,
    trainExamples: 1438,
    testExamples: 359,
    source: 'Handwritten digits by E. Alpaydin and C. Kaynak, UCI Machine Learning Repository, CC BY 4.0',
    load: async () => (await import('./load-digits.ts')).loadDigits(),
  },
  {
    name: 'penguins',
    isTable: true,
    shape: { height: 1, width: 4, channels: 1 },
    classes: 3,
    trainExamples: 273,
    testExamples: 69,
    source: 'Penguins by K. Gorman and the Palmer Station LTER, from palmerpenguins, CC0',
    load: async () => (await import('./load-penguins.ts')).loadPenguins(),
  },
];

export const findReadyMade = (name: string): ReadyMadeSet | undefined =>
  readyMadeSets.find(set => set.name === name);
