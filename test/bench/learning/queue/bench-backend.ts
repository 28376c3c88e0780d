import { createTrainer } from '../../../../client/trainer/create-trainer.ts';
import type { TrainerApi } from '../../../../client/trainer/trainer-api.ts';
import { Stopped } from '../../rows/stop-signal.ts';
import { startTfjs } from '../../start-tfjs.ts';
import type { BenchData } from '../bench-data.ts';
import type { LearningRun } from '../learning-run.ts';
import type { OnRunProgress } from '../outcome.ts';
import { failedRow, type LearningRow, rowOf } from '../rows.ts';
import { runAlone } from '../run-alone.ts';
import { runFederated } from '../run-federated.ts';

/** The backend on which runs are trained, one after the other. */
export class BenchBackend {
  private readonly threads: number;
  private trainer: TrainerApi | null = null;

  constructor(threads: number) {
    this.threads = threads;
  }

  /** @throws if the backend does not start */
  async start(): Promise<void> {
    this.trainer = null;
    await startTfjs({ do: 'start', backend: 'wasm', threads: this.threads, allowsSoftware: false });
  }

  /**
   * A run that fails is reported in its row, and the next one begins on a fresh backend.
   * @throws Stopped if that is what ended it
   */
  async rowFor(run: LearningRun, data: BenchData, onProgress: OnRunProgress): Promise<LearningRow> {
    try {
      const outcome = run.federated
        ? await runFederated(run, run.federated, data, await this.trainerFor(), onProgress)
        : await runAlone(run, data, onProgress);
      return rowOf(run, outcome, this.threads);
    } catch (error) {
      if (error instanceof Stopped) throw error;
      await this.start();
      return failedRow(run, error, this.threads);
    }
  }

  /** All volunteers of all runs share this trainer, as long as nothing fails. */
  private async trainerFor(): Promise<TrainerApi> {
    if (this.trainer) return this.trainer;
    this.trainer = createTrainer();
    await this.trainer.start({ backend: 'wasm', threads: this.threads });
    return this.trainer;
  }
}
