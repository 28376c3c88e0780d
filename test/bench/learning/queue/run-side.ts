import { fileURLToPath } from 'node:url';
import { LineProcess } from '../../line-process.ts';
import type { DatasetName } from '../bench-data.ts';
import type { LearningRun } from '../learning-run.ts';
import { failedRow, type LearningRow, learningRows } from '../rows.ts';
import type { Trainers } from '../settings/settings.ts';

const PROGRAM = fileURLToPath(new URL('../../learning-side.ts', import.meta.url));

/** A process that trains one run after the other. */
export class RunSide {
  private readonly trainers: Trainers;
  private child: LineProcess | null = null;

  constructor(trainers: Trainers) {
    this.trainers = trainers;
  }

  /** A run that fails is reported in its row. After the death of the process the next run begins in a fresh one. */
  async rowFor(run: LearningRun, dataset: DatasetName): Promise<LearningRow> {
    try {
      const child = await this.started();
      const { row } = await child.request({ do: 'run', dataset, run });
      return learningRows.parse(row);
    } catch (error) {
      this.close();
      const { backend, threads } = this.trainers;
      return failedRow(run, error, { backend, threads, gpu: null });
    }
  }

  /** @throws with the reason if the backend does not start */
  async start(): Promise<void> {
    await this.started();
  }

  close(): void {
    this.child?.close();
    this.child = null;
  }

  private async started(): Promise<LineProcess> {
    if (this.child) return this.child;
    const child = new LineProcess(process.execPath, [PROGRAM]);
    this.child = child;
    const { backend, threads } = this.trainers;
    await child.request({ do: 'start', backend, threads });
    return child;
  }
}
