import { datasetClasses, partExamples } from '../protocol/dataset.ts';
import type { EvaluationMetrics, LeaseClaims } from '../protocol/lease.ts';
import type { RunConfig } from '../protocol/run-config.ts';

/** The most that an evaluator counts for one example, however broken the version is. */
const LARGEST_LOSS = 1_000;

/** Losses are f32 and their sums are rounded. So much is no contradiction. */
const ROUNDING = 1e-3;

interface Counted {
  readonly examples: number;
  readonly correct: number;
  readonly lossSum: number;
}

/**
 * [ACC8] What is impossible in what an evaluator says that it counted. Null if all of it is possible. Its loss must fit its
 * accuracy: an example that is wrong has a class that is at least as likely as the right one, and one that is right has
 * the likeliest class.
 */
export function whyImpossibleCount(
  { spec }: Pick<RunConfig, 'spec'>,
  { examples, parts }: Pick<LeaseClaims, 'examples' | 'parts'>,
  metrics: EvaluationMetrics,
): string | null {
  const classes = datasetClasses(spec.dataset);
  if (metrics.examples !== examples) return `${metrics.examples} examples counted of ${examples}`;
  const whole = whyNot(metrics, classes);
  if (whole !== null || !metrics.byPart) return whole;
  const { correct, lossSum } = metrics.byPart;
  if (correct.length !== parts.length || lossSum.length !== parts.length)
    return 'not one count for each part';
  for (const [i, part] of parts.entries()) {
    const counted = { examples: partExamples(spec.dataset, 'test', part) };
    const why = whyNot({ ...counted, correct: correct[i] ?? 0, lossSum: lossSum[i] ?? 0 }, classes);
    if (why !== null) return `part ${part}: ${why}`;
  }
  const isSum =
    sum(correct) === metrics.correct &&
    Math.abs(sum(lossSum) - metrics.lossSum) <= ROUNDING * Math.max(1, metrics.lossSum);
  return isSum ? null : 'the parts do not make the whole';
}

function whyNot({ examples, correct, lossSum }: Counted, classes: number): string | null {
  if (correct > examples) return `${correct} right of ${examples}`;
  const wrong = examples - correct;
  const least = wrong * Math.LN2;
  const most = correct * Math.log(classes) + wrong * LARGEST_LOSS;
  const slack = ROUNDING * Math.max(1, examples);
  return lossSum >= least - slack && lossSum <= most + slack
    ? null
    : `a loss of ${Number((lossSum / Math.max(1, examples)).toPrecision(4))} cannot be with ${correct} right of ${examples}`;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
