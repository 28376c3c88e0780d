import type { TestResult } from '../../../trainer/trainer-api.ts';

/** What a test found of one class. */
export interface ClassFigures {
  readonly label: number;
  /** How many pictures of it were tested, and how many of those were rightly answered. */
  readonly examples: number;
  readonly correct: number;
  /** The class that most of the others were taken for; null if none was. */
  readonly mistakenFor: number | null;
}

/** The figures of each class, in their order. */
export const classFigures = ({ confusion, unanswered }: TestResult): ClassFigures[] =>
  Array.from(unanswered, (silent, label) => {
    const classes = unanswered.length;
    const row = confusion.subarray(label * classes, (label + 1) * classes);
    const others = Array.from(row, (count, said) => ({ count, said })).filter(
      ({ count, said }) => said !== label && count > 0,
    );
    const most = others.reduce<(typeof others)[number] | null>(
      (best, each) => (best === null || each.count > best.count ? each : best),
      null,
    );
    return {
      label,
      examples: row.reduce((sum, count) => sum + count, silent),
      correct: row[label] ?? 0,
      mistakenFor: most?.said ?? null,
    };
  });

/** The share of all pictures that was rightly answered; null if there are none. */
export const accuracyOf = (result: TestResult): number | null =>
  result.examples === 0
    ? null
    : classFigures(result).reduce((sum, { correct }) => sum + correct, 0) / result.examples;
