import { createTrainer } from '../../../../client/trainer/create-trainer.ts';
import type { LeaseResult, TrainerApi } from '../../../../client/trainer/trainer-api.ts';
import { Stopped } from '../../rows/stop-signal.ts';
import { startTfjs } from '../../start-tfjs.ts';
import type { BenchData } from '../bench-data.ts';
import type { LearningRun } from '../learning-run.ts';
import type { OnRunProgress } from '../outcome.ts';
import { failedRow, type LearningRow, rowOf } from '../rows.ts';
import { runAlone } from '../run-alone.ts';
import { runFederated } from '../run-federated.ts';
import type { LearningBackend, TrainedOn } from '../trained-on.ts';

/** The backend on which runs are trained, one after the other. */
export class BenchBackend {
  private readonly backend: LearningBackend;
  private readonly threads: number;
  private gpu: string | null = null;
  private trainer: TrainerApi | null = null;

  constructor(backend: LearningBackend, threads: number) {
    this.backend = backend;
    this.threads = threads;
  }

  /** @throws if the backend does not start */
  async start(): Promise<void> {
    const { backend, threads } = this;
    this.trainer = null;
    // Whoever names WebGPU means it, also if it computes on the processor. The row says so.
    const started = await startTfjs({ do: 'start', backend, threads, allowsSoftware: true });
    this.gpu = started.gpu;
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
      return rowOf(run, outcome, this.on);
    } catch (error) {
      if (error instanceof Stopped) throw error;
      await this.start();
      return failedRow(run, error, this.on);
    }
  }

  private get on(): TrainedOn {
    return { backend: this.backend, gpu: this.gpu, threads: this.threads };
  }

  /** All volunteers of all runs share this trainer, as long as nothing fails. */
  private async trainerFor(): Promise<TrainerApi> {
    if (this.trainer) return this.trainer;
    const trainer = createTrainer();
    const { backend, threads } = this;
    await trainer.start({ backend, threads });
    this.trainer = {
      ...trainer,
      work: async (job, onProgress) => this.checked(await trainer.work(job, onProgress)),
    };
    return this.trainer;
  }

  /** If the backend fails, the trainer goes on with another one: the row would tell the wrong one. */
  private checked(result: LeaseResult): LeaseResult {
    if (result.device.backend === this.backend) return result;
    throw new Error(`it was not trained on ${this.backend}: ${result.fallback}`);
  }
}
