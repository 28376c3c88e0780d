import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunInfo } from '../../../shared/protocol/messages.ts';
import type { RunView } from '../../../shared/protocol/run-view.ts';
import { exchangeCost } from '../../../shared/view/exchange-cost.ts';
import { shownAccuracy } from '../../../shared/view/shown-accuracy.ts';
import { trainedMs } from '../../../shared/view/trained-time.ts';
import { ExportRefusal, exportRun } from '../../host/export-run.ts';
import type { HomeroomClient } from '../../platform/homeroom-client.ts';
import { writeExport } from '../files/write-export.ts';
import { many } from '../terminal/many.ts';
import { formatBytes, formatPercent, printLine } from '../terminal/terminal.ts';

/** What `--json` writes. It is flat, so that any tool can read it. */
export interface DemoReport {
  /** 0 if no trained version was tested. */
  readonly accuracy: number;
  /** Of which version that is. Null if none was tested. */
  readonly testedVersion: number | null;
  readonly target: number;
  readonly rounds: number;
  readonly seconds: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
  readonly denseBytesUp: number;
  readonly denseBytesDown: number;
  readonly volunteers: number;
  /** How many of them have room for the lightest task only. */
  readonly weak: number;
  readonly refused: number;
  readonly model: string;
  readonly plan: string;
  readonly dataset: string;
  readonly seed: number;
}

interface FinishOptions {
  readonly volunteers: number;
  readonly weak: number;
  /** File for the report. */
  readonly json?: string;
}

/**
 * Exports the model, tells what came out, and writes the report.
 * @returns exit status: 0 if the target was reached, otherwise 1
 */
export async function finishDemo(
  client: HomeroomClient,
  info: RunInfo,
  view: RunView,
  options: FinishOptions,
  folder: string,
): Promise<number> {
  const report = toReport(info, view, options);
  tell(report, await exportNewest(client, info, view.version, join(folder, 'export')));
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
  if (report.accuracy >= report.target) return 0;
  printLine(
    `Target missed: ${accuracyIn(report)} after ${many(report.rounds, 'round')}, ${formatPercent(report.target)} were wanted`,
  );
  return 1;
}

/** @returns where the export lies and what its owner must know, or why there is nothing to export */
async function exportNewest(
  client: HomeroomClient,
  info: RunInfo,
  version: number,
  folder: string,
): Promise<string> {
  try {
    const exported = await exportRun(client, info, version);
    const written = await writeExport(folder, exported);
    const warning = exported.warning === null ? '' : `\nWARNING        ${exported.warning}`;
    return `${folder} (${written})${warning}`;
  } catch (error) {
    if (error instanceof ExportRefusal) return error.message;
    throw error;
  }
}

function toReport({ spec, model }: RunInfo, view: RunView, options: FinishOptions): DemoReport {
  const { up, down, dense } = exchangeCost(model, view);
  const tested = shownAccuracy(view);
  return {
    accuracy: tested?.accuracy ?? 0,
    testedVersion: tested?.version ?? null,
    target: spec.targetAccuracy,
    rounds: view.version,
    seconds: (trainedMs(view, view.finishedAt ?? 0) ?? 0) / 1_000,
    bytesUp: up,
    bytesDown: down,
    denseBytesUp: dense,
    denseBytesDown: dense,
    volunteers: options.volunteers,
    weak: options.weak,
    refused: view.refused,
    model: model.name,
    plan: spec.plan.name,
    dataset: spec.dataset.name,
    seed: spec.seed,
  };
}

function tell(report: DemoReport, model: string): void {
  const { target, seconds, bytesUp, bytesDown, denseBytesUp, denseBytesDown } = report;
  const beside = (bytes: number, dense: number): string =>
    `${formatBytes(bytes).padStart(9)}   whole model as f32: ${formatBytes(dense).padStart(9)}   ${(dense / bytes).toFixed(1)} × less`;
  printLine('');
  printLine(
    `Test accuracy  ${accuracyIn(report)} (target ${formatPercent(target)}) after ${seconds.toFixed(1)} s of training`,
  );
  printLine(`Bytes up       ${beside(bytesUp, denseBytesUp)}`);
  printLine(`Bytes down     ${beside(bytesDown, denseBytesDown)}`);
  printLine(`Model          ${model}`);
}

/** [VIEW8] The model that is written is of the newest version, so an accuracy of another one says so. */
const accuracyIn = ({ accuracy, testedVersion, rounds }: DemoReport): string =>
  testedVersion === null
    ? 'not tested'
    : formatPercent(accuracy) + (testedVersion === rounds ? '' : ` of version ${testedVersion}`);
