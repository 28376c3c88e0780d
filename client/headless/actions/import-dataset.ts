import type { LabelChoice } from '../../../shared/datasets/files/dataset-format.ts';
import type { WantedPicture } from '../../../shared/datasets/import/decode-picture.ts';
import type { FoundData } from '../../../shared/datasets/import/found-data.ts';
import type { ImportedData } from '../../../shared/datasets/import/import-data.ts';
import { type ExampleKind, splitExamples } from '../../../shared/protocol/dataset.ts';
import { toOneLine } from '../../../shared/protocol/one-line.ts';
import { HomeroomClient } from '../../platform/homeroom-client.ts';
import { requireOrigin } from '../commands/require-origin.ts';
import { findOnDisk } from '../files/find-on-disk.ts';
import { importFound } from '../files/import-found.ts';
import { ownDeploymentKey } from '../local-platform/own-deployment-key.ts';
import { many } from '../terminal/many.ts';
import {
  clearStatus,
  formatBytes,
  printLine,
  printStatus,
  progressBar,
  toJsonLine,
} from '../terminal/terminal.ts';

export interface ImportFlags {
  readonly to: string;
  readonly key?: string;
  readonly folder: string;
  readonly name?: string;
  readonly size?: { readonly height: number; readonly width: number };
  readonly colour?: 'colour' | 'grey';
  readonly fit: WantedPicture['fit'];
  readonly labelColumn?: string;
  readonly table: boolean;
  readonly testShare: number;
  readonly source?: string;
  readonly labels: LabelChoice;
  readonly partition: 'iid' | 'dirichlet';
  readonly alpha: number;
  readonly seed: number;
  readonly json: boolean;
}

/** Finds the data, cuts them into parts, uploads these and says what the platform has now and what was left out. */
export async function importDataset(path: string, flags: ImportFlags): Promise<void> {
  const { to, key, folder, labels, table, name, labelColumn } = flags;
  const client = new HomeroomClient(requireOrigin(to));
  const found = await findOnDisk(path, {
    labels,
    asTable: table,
    ...(name === undefined ? {} : { name }),
    ...(labelColumn === undefined ? {} : { labelColumn: columnOf(labelColumn) }),
    onProgress: (done, total) =>
      printStatus(`${progressBar(done / total)} looking at file ${done} of ${total}`),
  });
  clearStatus();
  for (const note of notesOf(found, flags)) console.error(toOneLine(note));
  const { partition, alpha, testShare, seed, source } = flags;
  const imported = await importFound(client, found, {
    name: found.name,
    wanted: wantedOf(found, flags),
    ...{ testShare, seed },
    ...(source === undefined ? {} : { source }),
    partition: partition === 'iid' ? { kind: 'iid' } : { kind: 'dirichlet', alpha },
    // The owner of a platform on this machine may replace a set.
    deploymentKey: key ?? ownDeploymentKey(client.origin, folder),
    onProgress: (done, total) =>
      printStatus(`${progressBar(done / total)} ${unitOf(found)} ${done} of ${total}`),
  });
  clearStatus();
  if (flags.json) return console.log(toJsonLine({ ...reportOf(imported), key: imported.key }));
  tellLeftOut(imported);
  tell(imported, unitOf(found), client.origin);
  if (imported.key !== null) console.log(`Data key   ${imported.key}, for \`npx homeroom dataset remove\``);
}

/** People count from 1. A name may be a number too, so it goes before. */
const columnOf = (text: string): string | number => (/^[1-9]\d*$/.test(text) ? Number(text) - 1 : text);

const unitOf = ({ kind }: FoundData): ExampleKind => (kind === 'table' ? 'row' : 'picture');

function wantedOf({ shape }: FoundData, { size, colour, fit }: ImportFlags): WantedPicture {
  const channels = colour === undefined ? shape.channels : colour === 'grey' ? 1 : 3;
  return {
    shape: { height: size?.height ?? shape.height, width: size?.width ?? shape.width, channels },
    fit,
  };
}

function notesOf({ kind, notes }: FoundData, { size, colour }: ImportFlags): string[] {
  const isMeantForPictures = kind !== 'pictures' && (size !== undefined || colour !== undefined);
  return [
    ...notes,
    ...(isMeantForPictures
      ? ['--size and --colour change pictures in files of their own only: these stay as they are']
      : []),
  ];
}

const SHOWN = 5;

/** What was left out goes to standard error, so that it is seen even if the rest is not read. */
function tellLeftOut({ problems, problemCount, repeats, repeatCount }: ImportedData): void {
  for (const { path, problem } of problems.slice(0, SHOWN))
    console.error(toOneLine(`left out: ${path} ${problem}`));
  tellMore(problemCount);
  for (const { path, of } of repeats.slice(0, SHOWN))
    console.error(toOneLine(`left out: ${path} is the same as ${of}`));
  tellMore(repeatCount);
}

function tellMore(count: number): void {
  if (count > SHOWN) console.error(`left out: ${count - SHOWN} more (--json lists them)`);
}

function tell({ dataset }: ImportedData, unit: ExampleKind, origin: string): void {
  const bytes = [...dataset.train, ...dataset.test].reduce((sum, part) => sum + part.bytes, 0);
  const [train, test] = [splitExamples(dataset, 'train'), splitExamples(dataset, 'test')];
  printLine(
    `${dataset.name}: ${many(train, `training ${unit}`)} in ${many(dataset.train.length, 'part')}, ` +
      `${many(test, `test ${unit}`)} in ${dataset.test.length}, ${dataset.classes} classes, ${formatBytes(bytes)} on ${origin}`,
  );
}

function reportOf({ dataset, problems, problemCount, repeats, repeatCount }: ImportedData) {
  const { name, shape, classes, classNames, columns, source, train, test } = dataset;
  return {
    ...{ name, shape, classes, classNames, columns, source },
    trainExamples: splitExamples(dataset, 'train'),
    testExamples: splitExamples(dataset, 'test'),
    parts: train.length + test.length,
    bytes: [...train, ...test].reduce((sum, part) => sum + part.bytes, 0),
    ...{ problems, problemCount, repeats, repeatCount },
  };
}
