import { readyMadeSets } from '../../../shared/datasets/ready-made/ready-made-sets.ts';
import { type DatasetSummary, summaryOf } from '../../../shared/protocol/dataset-summary.ts';
import { type ImageShape, pixelsPerImage } from '../../../shared/protocol/part-size.ts';
import { defaultGlyphs } from '../../host/default-spec.ts';
import { listData } from '../../platform/data-list.ts';
import { HomeroomClient } from '../../platform/homeroom-client.ts';
import { requireOrigin } from '../commands/require-origin.ts';
import { formatTable } from '../terminal/format-table.ts';
import { formatBytes, toJsonLine } from '../terminal/terminal.ts';

export interface ListFlags {
  readonly to: string;
  readonly json: boolean;
}

/** A data set in the list. */
interface ListedSet {
  readonly name: string;
  readonly isTable: boolean;
  readonly trainExamples: number;
  readonly testExamples: number;
  readonly classes: number;
  readonly shape: ImageShape;
  readonly isBuiltIn: boolean;
  readonly source?: string;
}

/** Lists what is built in, then what was imported. */
export async function listDatasets({ to, json }: ListFlags): Promise<void> {
  const client = new HomeroomClient(requireOrigin(to));
  const listed = (await listData(client)).sets.map(set => describe(set, false));
  const sets = [
    describe(summaryOf(defaultGlyphs(0)), true),
    ...readyMadeSets.map(describeReadyMade),
    ...listed,
  ];
  if (json) return console.log(toJsonLine(sets));
  console.log(formatTable(COLUMNS, sets.map(rowOf)));
}

function describe({ train, test, ...set }: DatasetSummary, isBuiltIn: boolean): ListedSet {
  const { name, isTable, classes, shape, source } = set;
  return {
    ...{ name, isTable, trainExamples: train.examples, testExamples: test.examples },
    ...{ classes, shape, isBuiltIn },
    ...(source !== undefined && { source }),
  };
}

const describeReadyMade = ({ load: _, ...set }: (typeof readyMadeSets)[number]): ListedSet => ({
  ...set,
  isBuiltIn: true,
});

const COLUMNS = [
  { title: 'name', isText: true },
  { title: 'training' },
  { title: 'test' },
  { title: 'classes' },
  { title: 'shape', isText: true },
  { title: 'size' },
  { title: 'from', isText: true },
];

function rowOf(set: ListedSet): string[] {
  const examples = set.trainExamples + set.testExamples;
  return [
    set.name,
    String(set.trainExamples),
    String(set.testExamples),
    String(set.classes),
    shapeOf(set),
    formatBytes(examples * (1 + pixelsPerImage(set.shape))),
    set.source ?? (set.isBuiltIn ? 'drawn by each device' : 'imported'),
  ];
}

const shapeOf = ({ isTable: hasColumns, shape: { height, width, channels } }: ListedSet): string =>
  hasColumns
    ? `${width} columns`
    : `${width} × ${height} ${channels === 1 ? 'grey' : channels === 3 ? 'colour' : `× ${channels}`}`;
