import type { Examples } from '../../../shared/datasets/examples.ts';
import { pixelsPerImage } from '../../../shared/protocol/part-size.ts';
import { loadExamples } from '../examples/examples.ts';
import { largest } from '../lease/evaluate-model.ts';
import type { WorkPace } from '../lease/work-pace.ts';
import type { Loaded } from '../models/segment-models.ts';
import type { TestJob, TestResult, WrongAnswer } from '../trainer-api.ts';
import { eachAnswer } from './each-answer.ts';

/** As an evaluator counts: the largest logit is the answer, the first of equals, and what is no number is wrong. */
export async function countAnswers(job: TestJob, loaded: Loaded, pace: WorkPace): Promise<TestResult> {
  const { classes } = job;
  const examples = loadExamples(job.examples);
  const confusion = new Uint32Array(classes * classes);
  const unanswered = new Uint32Array(classes);
  const wrong: Omit<WrongAnswer, 'picture'>[] = [];
  await eachAnswer(job, loaded, examples, pace, (index, logShares) => {
    const label = examples.labels[index] ?? 0;
    if (Number.isNaN(logShares[label])) {
      unanswered[label] = (unanswered[label] ?? 0) + 1;
      return;
    }
    const said = largest(logShares);
    const cell = label * classes + said;
    confusion[cell] = (confusion[cell] ?? 0) + 1;
    if (said !== label)
      wrong.push({ index, label, said: { label: said, share: Math.exp(logShares[said] ?? 0) } });
  });
  return {
    examples: examples.labels.length,
    confusion,
    unanswered,
    wrong: wrong
      .toSorted((a, b) => b.said.share - a.said.share)
      .slice(0, job.mostWrong)
      .map(answer => ({ ...answer, picture: pictureAt(examples, answer.index) })),
  };
}

function pictureAt({ shape, pixels }: Examples, index: number): Uint8Array {
  const size = pixelsPerImage(shape);
  return pixels.slice(index * size, (index + 1) * size);
}
