import { type BackendError, OutOfMemoryError } from './backends/backend-errors.ts';
import { backendFailure, renewWasm, restartBackend } from './backends/start-backend.ts';
import { freeUnusedBuffers, settleGpu } from './backends/start-webgpu.ts';
import { SegmentModels } from './segment-models.ts';
import type { LeaseJob, LeaseResult, OnProgress, TrainerInfo } from './trainer-api.ts';
import { type LeaseWork, workLease } from './work-lease.ts';
import { AbortError } from './work-pace.ts';

/**
 * Works leases on the backend that is up. Where that fails, the lease in hand is begun anew: out of memory with half the
 * examples at once, a lost device on the next backend. Owns the models.
 */
export class LeaseWorker {
  readonly models = new SegmentModels();
  private device: TrainerInfo;
  /** What this device was found to hold; a job may ask for less. */
  private mostAtOnce = Number.POSITIVE_INFINITY;
  private current: LeaseWork | null = null;
  private isCancelled = false;

  constructor(device: TrainerInfo) {
    this.device = device;
  }

  /** @throws AbortError after `cancel`, and whatever the backend is not to blame for */
  async work(job: LeaseJob, onProgress?: OnProgress): Promise<LeaseResult> {
    this.isCancelled = false;
    for (;;) {
      const microBatch = Math.min(job.microBatch, this.mostAtOnce);
      try {
        return await this.attempt({ ...job, microBatch }, onProgress);
      } catch (error) {
        const failure = error instanceof AbortError ? null : backendFailure(error);
        if (!failure) throw error;
        await this.recover(failure, microBatch);
      }
      if (this.isCancelled) throw new AbortError();
    }
  }

  /** Ends the lease in hand within a batch. */
  cancel(): void {
    this.isCancelled = true;
    this.current?.pace.cancel();
  }

  private async attempt(job: LeaseJob, onProgress?: OnProgress): Promise<LeaseResult> {
    this.current = workLease(job, this.models, this.device, onProgress);
    try {
      const result = await this.current.result;
      await settleGpu();
      // A GPU tells of its failures beside the calls that failed: what it gave is only good if it told of none.
      const failure = backendFailure();
      if (failure) throw failure;
      return result;
    } finally {
      this.current = null;
    }
  }

  private async recover(failure: BackendError, microBatch: number): Promise<void> {
    this.models.dispose();
    const { backend } = this.device;
    if (failure instanceof OutOfMemoryError && microBatch > 1) {
      this.mostAtOnce = Math.ceil(microBatch / 2);
      if (backend === 'wasm') this.device = await renewWasm();
      // The parts of the batch that was too large, which no tensor of half the size could use.
      if (backend === 'webgpu') freeUnusedBuffers();
      this.device = { ...this.device, note: `${failure.message}; ${this.mostAtOnce} examples at once` };
    } else {
      this.mostAtOnce = Number.POSITIVE_INFINITY;
      this.device = await restartBackend(backend, failure.message);
    }
  }
}
