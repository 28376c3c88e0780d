import { partitionExamples } from '../../../../shared/datasets/partition.ts';
import { createRandom, shuffled } from '../../../../shared/math/random.ts';
import { sha256Hex } from '../../../../shared/math/sha256.ts';
import { encodeUtf8 } from '../../../../shared/math/utf8.ts';
import type { HostedDataset, PartRef } from '../../../../shared/protocol/dataset.ts';
import { type ImageShape, partBytes } from '../../../../shared/protocol/part-size.ts';
import { MAX_DROP, type RunSpec, runSpecSchema } from '../../../../shared/protocol/run-spec.ts';
import type { AttackData } from '../attack-data.ts';
import type { Cell } from '../cell.ts';
import { type LabelledRows, selectRows } from '../network/pictures.ts';

/** The test pictures that volunteers judge versions by: drawn parts of them. The final accuracy is of all. */
const JUDGED_PARTS = 2;
const JUDGED_A_PART = 200;

/** Few pictures a step, so that a volunteer with a hundred still takes a dozen steps a round. */
const BATCH = 8;
/** Of 0.05, 0.1 and 0.2 the rate at which a clean run with thirty volunteers learns well and none diverges. */
const RATE = 0.1;

/** The training pictures, a part for each volunteer, and the parts by which versions are judged. */
export interface ArenaParts {
  readonly train: readonly LabelledRows[];
  /** What is held back for the referee. */
  readonly root: LabelledRows;
  readonly test: readonly LabelledRows[];
}

/** As few as the product holds back, and as many as a mean volunteer has: a root update takes as many steps as others. */
const LEAST_ROOT_EXAMPLES = 200;
const rootExamples = ({ labels }: LabelledRows, volunteers: number): number =>
  Math.max(LEAST_ROOT_EXAMPLES, Math.round(labels.length / volunteers));

/** As many parts as volunteers, drawn by the partition. */
export function cutParts({ train, root, test, classes }: AttackData, cell: Cell): ArenaParts {
  const { partition, volunteers, seed } = cell;
  const own = partitionExamples(train.labels, classes, volunteers, partition, seed);
  const order = shuffled(createRandom('attacks-judged'), [...test.labels.keys()]);
  const judged = Array.from({ length: JUDGED_PARTS }, (_, part) =>
    order.slice(part * JUDGED_A_PART, (part + 1) * JUDGED_A_PART),
  );
  return {
    train: own.map(indices => selectRows(train, indices)),
    root: selectRows(
      root,
      [...Array(rootExamples(train, volunteers)).keys()].filter(n => n < root.labels.length),
    ),
    test: judged.map(indices => selectRows(test, indices)),
  };
}

/** No clean run reaches it, so a run would end as "target reached" only by judges who lie. */
const TARGET = 0.98;

/** The product's defaults where the cell does not say otherwise. Norms are not measured yet. */
export function specFor(cell: Cell, { side, classes }: AttackData, parts: ArenaParts): RunSpec {
  const { rule, bucket, assumed, updates, plan, seed, rounds, judges, check, falls, partsFor } = cell;
  return runSpecSchema.parse({
    name: `${cell.attack} ${rule}`,
    seed,
    dataset: datasetOf(cell, { height: side, width: side, channels: 1 }, classes, parts),
    plan: { name: plan },
    rounds,
    targetAccuracy: TARGET,
    stopAtTarget: true,
    training: { batch: BATCH, learningRate: RATE, partsFor },
    policy: {
      updatesPerRound: updates,
      overIssue: 1,
      evaluators: judges,
      check: check ? 'if-present' : 'off',
      // Without, a rule is measured by itself.
      maxDrop: falls ? MAX_DROP : 0,
    },
    aggregation: rule,
    robust: { hostile: assumed, bucket },
    root: { parts: 1 },
  });
}

const datasetOf = (
  { data, partition }: Cell,
  shape: ImageShape,
  classes: number,
  { train, root, test }: ArenaParts,
): HostedDataset => {
  const refer = (split: string) => (rows: LabelledRows, index: number) =>
    referTo(`${split} ${index}`, shape, rows);
  return {
    ...{ kind: 'hosted', name: `${data} for attacks`, shape, classes, partition },
    ...{ train: [...train, root].map(refer('train')), test: test.map(refer('test')) },
  };
};

/** Nobody downloads the parts, so they need no bytes. */
const referTo = (name: string, shape: ImageShape, { labels }: LabelledRows): PartRef => ({
  sha256: sha256Hex(encodeUtf8(name)),
  bytes: partBytes(shape, labels.length),
  examples: labels.length,
});
