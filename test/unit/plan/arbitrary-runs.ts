import fc from 'fast-check';
import { type PlanName, planSpecSchema } from '../../../shared/protocol/plan-spec.ts';
import type { RunSpec } from '../../../shared/protocol/run-spec.ts';
import { smallSpec } from '../federation/small-run.ts';

const share = fc.double({ min: 0, max: 1, noNaN: true });
const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const weight = fc.oneof(fc.constant(0), between(0.01, 10));
const epochs = fc.integer({ min: 1, max: 4 });
const temperature = between(0.5, 20);
const gate = fc.constantFrom('better', 'always');
const answer = fc.constantFrom('last', 'sum', 'ensemble');
const turns = fc.constantFrom('split', 'alternate', 'together');

/** Any settings by which every segment has its turn within the rounds of `arbitraryRun`. */
const settings: Readonly<Record<PlanName, fc.Arbitrary<object>>> = {
  'layer-to-layer': fc.record({
    turns,
    alpha: share,
    beta: share,
    temperature,
    freezeAt: between(0.5, 1),
    studentEpochs: epochs,
    teacherEpochs: epochs,
  }),
  'layer-to-layer-literal': fc.record({ turns, temperature, studentEpochs: epochs, teacherEpochs: epochs }),
  'layer-to-layer-through': fc.record({ warmUp: share, studentEpochs: epochs, teacherEpochs: epochs }),
  'joint-self-distillation': fc.record({
    lambda: weight,
    alpha: weight,
    beta: weight,
    temperature,
    gate,
    earlyRate: between(0.05, 20),
    answer,
    epochs,
  }),
  growing: fc.record({ epochs }),
  'growing-together': fc.record({
    growAt: between(0, 0.7),
    freezeAt: between(0.7, 1),
    lambda: weight,
    beta: weight,
    temperature,
    answer: fc.constantFrom('last', 'sum'),
    epochs,
  }),
  'depth-federated': fc.record({
    lambda: weight,
    alpha: weight,
    beta: weight,
    temperature,
    gate,
    distilAt: share,
    earlyRate: between(0.05, 20),
    answer,
    correction: weight,
    epochs,
  }),
  'sub-networks': fc.oneof(
    fc.record({
      slicing: fc.constant('nested'),
      slices: fc.integer({ min: 2, max: 8 }),
      shrink: between(0.6, 0.95),
      epochs,
    }),
    fc.record({ slicing: fc.constant('disjoint'), slices: fc.constantFrom(2, 4, 5), epochs }),
  ),
  conventional: fc.record({ epochs }),
  'student-alone': fc.record({ epochs }),
  'aug-local': fc.record({ turns, epochs }),
  'deep-supervision': fc.record({ lambda: weight, epochs }),
  'momentum-auxiliary': fc.record({ turns, epochs }),
};

/** Of more than two segments a sum takes in what is neither frozen nor left to itself (`check-plan.test.ts`). */
function servable(plan: Readonly<Record<string, unknown>>, segments: number): object {
  if (!('growAt' in plan) || plan.answer !== 'sum' || segments === 2) return plan;
  return { ...plan, freezeAt: 1, beta: plan.lambda === 0 ? 0 : plan.beta };
}

/** A run of this plan on a model of so many segments: its settings, two rounds a segment or more. */
export const arbitraryRun = (name: PlanName, segments: number): fc.Arbitrary<RunSpec> =>
  fc
    .tuple(settings[name], fc.integer({ min: 2 * segments, max: 24 }))
    .map(([plan, rounds]) =>
      smallSpec({ plan: planSpecSchema.parse({ ...servable({ ...plan }, segments), name }), rounds }),
    );
