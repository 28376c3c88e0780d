import { type Dataset, type GlyphsDataset, partExamples } from '../../shared/protocol/dataset.ts';
import { learningRateFor } from '../../shared/protocol/model-zoo.ts';
import type { PlanName } from '../../shared/protocol/plan-spec.ts';
import type { RunSpecInput } from '../../shared/protocol/run-spec.ts';

/** The built-in data set: 16,000 training and 4,000 test pictures, drawn by each device from the seed. */
export const defaultGlyphs = (seed: number): GlyphsDataset => ({
  kind: 'glyphs',
  name: 'glyphs',
  seed,
  trainParts: 16,
  testParts: 4,
  examplesPerPart: 1_000,
  partition: { kind: 'iid' },
});

/** The accuracy that a small CNN reaches within a demo's budget, by data set: the target if the host gives none. */
const targets: Readonly<Record<string, number>> = {
  glyphs: 0.95,
  digits: 0.95,
  penguins: 0.95,
  mnist: 0.95,
  'fashion-mnist': 0.75,
  'cifar-10': 0.4,
};

export const defaultTarget = (dataset: string): number => targets[dataset] ?? 0.7;

export interface SpecChoices {
  readonly name: string;
  readonly seed: number;
  readonly dataset: Dataset;
  readonly plan: PlanName;
  /** Name of a network in the zoo, or of the host's own. The learning rate depends on it. */
  readonly model?: string;
  readonly rounds: number;
  readonly targetAccuracy?: number;
}

/** Examples of a lease: about one second of training on one core, so that losing one costs little. */
const LEASE_EXAMPLES = 1_000;

/** How many parts make about as many examples as a lease has. */
export const leaseParts = (dataset: Dataset): number =>
  Math.max(1, Math.round(LEASE_EXAMPLES / partExamples(dataset, 'train', 0)));

/** Colour pictures show things, which stay the same when flipped. Grey ones may show digits, which do not. */
const augmentFor = (dataset: Dataset) =>
  dataset.kind === 'hosted' && dataset.shape.channels === 3 ? 'flip-and-crop' : 'none';

/** A run's specification from the few things people choose. */
export const defaultSpec = ({
  name,
  seed,
  dataset,
  plan,
  model = 'cnn',
  rounds,
  targetAccuracy,
}: SpecChoices): RunSpecInput & { dataset: Dataset } => ({
  name,
  seed,
  dataset,
  plan: { name: plan },
  rounds,
  targetAccuracy: targetAccuracy ?? defaultTarget(dataset.name),
  training: {
    partsPerLease: leaseParts(dataset),
    learningRate: learningRateFor(model),
    augment: augmentFor(dataset),
  },
});
