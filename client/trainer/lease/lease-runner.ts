import { AnswerRunner } from '../answers/answer-runner.ts';
import { countAnswers } from '../answers/count-answers.ts';
import { predictPictures } from '../answers/predict-pictures.ts';
import { type BackendError, OutOfMemoryError, ThreadsLostError } from '../backends/backend-errors.ts';
import {
  backendFailure,
  joinNotes,
  renewWasm,
  restartBackend,
  startAnew,
} from '../backends/start-backend.ts';
import { freeUnusedBuffers, settleGpu, takeGpuFailure } from '../backends/start-webgpu.ts';
import { type Loaded, SegmentModels } from '../models/segment-models.ts';
import type {
  CompileJob,
  Guess,
  LeaseJob,
  LeaseResult,
  LossJob,
  OnProgress,
  PredictJob,
  TestJob,
  TestResult,
  TrainerInfo,
} from '../trainer-api.ts';
import { compileTask } from './compile-task.ts';
import { Effort } from './effort.ts';
import { measureLosses } from './measure-losses.ts';
import { microBatchInTime } from './micro-batch.ts';
import { type LeaseWork, workLease } from './work-lease.ts';
import { AbortError } from './work-pace.ts';

/**
 * Works leases on the backend that is running. If the backend fails, the lease in hand begins again:
 * - out of memory: with half the examples at once;
 * - a helper thread is lost: on one thread;
 * - the device is lost: on the next backend.
 * If the lease fails nevertheless, it ends, and the next lease starts with the backend that was asked for. Owns the
 * models.
 */
export class LeaseRunner {
  private readonly models = new SegmentModels();
  /** Those that are measured while a lease is trained. */
  private readonly measured = new SegmentModels();
  /** Those that answer while a lease is trained. A picture does not wait until a test is over. */
  private readonly predicting = new AnswerRunner();
  private readonly testing = new AnswerRunner();
  private device: TrainerInfo;
  /** The most examples at once that this device was found to hold; a job may ask for fewer. */
  private mostAtOnce = Number.POSITIVE_INFINITY;
  /** Why it holds no more than that. */
  private batchNote: string | null = null;
  private current: LeaseWork | null = null;
  private readonly effort = new Effort();
  private isCancelled = false;

  constructor(device: TrainerInfo) {
    this.device = device;
  }

  /** @throws AbortError after `cancel`, and an error that the lease is to blame for; another lease may work */
  work(job: LeaseJob, onProgress?: OnProgress): Promise<LeaseResult> {
    return this.insist(
      job,
      () => this.models.loadAll(job.segments, job.task.slices),
      (loaded, microBatch) => this.attempt({ ...job, microBatch }, loaded, onProgress),
    );
  }

  /** The mean loss at each exit of the task. @throws if the backend fails; the next attempt begins anew */
  async losses(job: LossJob): Promise<number[]> {
    try {
      return await trusted(measureLosses(job, await this.measured.loadAll(job.segments)));
    } catch (error) {
      this.measured.dispose();
      throw error;
    }
  }

  predict(job: PredictJob): Promise<Guess[][] | null> {
    return this.predicting.answer(job, (loaded, pace) => trusted(predictPictures(job, loaded, pace)));
  }

  test(job: TestJob): Promise<TestResult | null> {
    return this.testing.answer(job, (loaded, pace) => trusted(countAnswers(job, loaded, pace)));
  }

  cancelTest(): void {
    this.testing.cancel();
  }

  /** @returns the device that trains from now on */
  async compile(job: CompileJob): Promise<TrainerInfo> {
    await this.insist(
      job,
      () => this.models.blankAll(job.segments, job.task.slices),
      (loaded, microBatch) => compileTask({ ...job, microBatch }, loaded),
    );
    return this.deviceNow;
  }

  /** How much of the time to work, also on the lease in hand. */
  setEffort(share: number): void {
    this.effort.set(share);
  }

  /** Ends the lease in hand within one micro-batch. */
  cancel(): void {
    this.isCancelled = true;
    this.current?.pace.cancel();
  }

  private get deviceNow(): TrainerInfo {
    return { ...this.device, note: joinNotes(this.device.note, this.batchNote) };
  }

  /** Does the work again after each failure of the backend, until it is done or nothing is left to try. */
  private async insist<T>(
    job: LeaseJob | CompileJob,
    load: () => Promise<Loaded>,
    work: (loaded: Loaded, microBatch: number) => Promise<T>,
  ): Promise<T> {
    this.isCancelled = false;
    for (;;) {
      const microBatch = Math.min(job.microBatch, this.mostAtOnce, microBatchInTime(job, this.device));
      const loaded = await this.load(load);
      if (this.isCancelled) throw new AbortError();
      try {
        return await trusted(work(loaded, microBatch));
      } catch (error) {
        await this.recover(await failureOf(error), microBatch);
      }
      if (this.isCancelled) throw new AbortError();
    }
  }

  private async attempt(job: LeaseJob, loaded: Loaded, onProgress?: OnProgress): Promise<LeaseResult> {
    this.current = workLease(job, loaded, this.deviceNow, onProgress, this.effort);
    try {
      return await this.current.result;
    } finally {
      this.current = null;
    }
  }

  /** A model that cannot be built or filled ends its lease: fewer examples at once would not help it. */
  private async load(load: () => Promise<Loaded>): Promise<Loaded> {
    try {
      return await load();
    } catch (error) {
      const failure = await failureOf(error);
      await this.startAnew();
      throw failure;
    }
  }

  /** @throws the failure if nothing is left to try for this lease */
  private async recover(failure: BackendError, microBatch: number): Promise<void> {
    this.disposeAll();
    if (failure instanceof ThreadsLostError) return this.workAlone(failure);
    if (failure instanceof OutOfMemoryError && microBatch > 1) return this.halve(failure, microBatch);
    if (this.device.backend === 'webgpu') return this.replaceGpu(failure);
    await this.startAnew();
    throw failure;
  }

  private async workAlone({ message }: ThreadsLostError): Promise<void> {
    const note = joinNotes(this.device.note, `1 thread: ${message}`);
    this.device = await renewWasm({ threads: 1, note });
  }

  private async halve({ message }: OutOfMemoryError, microBatch: number): Promise<void> {
    this.mostAtOnce = Math.ceil(microBatch / 2);
    this.batchNote = `${message}; ${this.mostAtOnce} examples at once`;
    if (this.device.backend === 'wasm') this.device = await renewWasm(this.device);
    if (this.device.backend !== 'webgpu') return;
    // The buffers of the batch that was too large: no tensor of half the size could use them.
    freeUnusedBuffers();
    // Commands that were queued before report their failure late. A device that is lost reports it again.
    await settleGpu();
    takeGpuFailure();
  }

  private async replaceGpu({ message }: BackendError): Promise<void> {
    this.holdAll();
    this.device = await restartBackend('webgpu', message);
  }

  private async startAnew(): Promise<void> {
    this.disposeAll();
    this.holdAll();
    this.device = await startAnew();
  }

  private disposeAll(): void {
    for (const owner of [this.models, this.measured, this.predicting, this.testing]) owner.dispose();
  }

  /** The limit belongs to the old backend; what another or a fresh one holds is not known yet. */
  private holdAll(): void {
    this.mostAtOnce = Number.POSITIVE_INFINITY;
    this.batchNote = null;
  }
}

/** A GPU reports failures apart from the calls that failed: a result is only good if none was reported. */
async function trusted<T>(work: Promise<T>): Promise<T> {
  const result = await work;
  await settleGpu();
  const failure = backendFailure();
  if (failure) throw failure;
  return result;
}

/**
 * The failure of the backend. Its report on a call that threw may come after the error.
 * @throws the error itself if the backend is not to blame
 */
async function failureOf(error: unknown): Promise<BackendError> {
  await settleGpu();
  const failure = backendFailure(error);
  if (!failure || error instanceof AbortError) throw error;
  return failure;
}
