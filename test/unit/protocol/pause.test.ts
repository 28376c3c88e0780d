import { describe, expect, it } from 'vitest';
import { describePause, explainPause } from '../../../shared/protocol/pause.ts';

const whyDetail = 'conv1/kernel changes by 70, at most 64 is accepted';

describe('a pause that the run made itself', () => {
  it('is told in one sentence, which names the tensor at fault', () => {
    expect(describePause('too-large', whyDetail)).toBe(
      `The run paused itself: the weights change too much on every device that tries it (${whyDetail})`,
    );
    expect(describePause('diverged')).toBe(
      'The run paused itself: the training diverges on every device that tries it',
    );
  });

  it.each([
    ['diverged', /: the training diverges .*\. If the host resumes it, .* smaller rate\.$/],
    ['too-large', /: the weights change too much .* halved learning rates\. A new run needs a smaller rate/],
    // A wrong scale of the data and a rate that is too high both make statistics that cannot be.
    ['bad-statistics', /: a statistic .* halved learning rates\. If they do not help, .* Rescaling\.$/],
  ])('as %s is explained with what its host can do', (why, words) => {
    expect(explainPause({ phase: 'paused', why, whyDetail })).toMatch(words);
    expect(explainPause({ phase: 'paused', why, whyDetail })).toContain(` it (${whyDetail}). `);
  });

  it.each([
    ['paused', 'host'],
    ['paused', null],
    ['open', null],
    ['finished', 'rounds'],
  ] as const)('is none if the run is %s and its reason is %s', (phase, why) => {
    expect(explainPause({ phase, why })).toBeNull();
  });
});
