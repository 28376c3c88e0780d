import * as tf from '@tensorflow/tfjs-core';
import { WorkPace } from '../../../client/trainer/lease/work-pace.ts';
import { type Loaded, SegmentModels } from '../../../client/trainer/models/segment-models.ts';
import type { LeaseJob } from '../../../client/trainer/trainer-api.ts';
import { NesterovSgd } from '../../../client/trainer/training/nesterov-sgd.ts';
import { trainSegment } from '../../../client/trainer/training/train-segment.ts';
import { taskMacs } from '../../../shared/plan/cost/macs.ts';
import { planTasks } from '../../../shared/plan/plan-tasks.ts';
import { segmentsOf, type Task } from '../../../shared/protocol/lease.ts';
import type { ModelOutline } from '../../../shared/protocol/model-outline.ts';
import type { RunSpec } from '../../../shared/protocol/run-spec.ts';
import type { BenchData } from './bench-data.ts';
import { buildFor, filesOf } from './bench-model.ts';
import { specFor, tasksAlone } from './bench-spec.ts';
import { ExampleStream } from './example-stream.ts';
import { followAverages } from './follow-averages.ts';
import type { LearningRun } from './learning-run.ts';
import { measureAccuracy } from './measure-accuracy.ts';
import { type OnRunProgress, type Outcome, orDiverged } from './outcome.ts';

const MEGA = 1e6;

/**
 * Trains a run in this process, on the backend that is running. A round has one lease for each task, without network
 * and codec. The momentum is kept from lease to lease. The model is loaded once.
 * @throws Diverged if the loss is no longer a number
 */
export async function runAlone(
  run: LearningRun,
  data: BenchData,
  onProgress: OnRunProgress = () => {},
): Promise<Outcome> {
  const built = await buildFor(run, data.train, run.seed);
  const spec = specFor(run, built.outline, data.train);
  const models = new SegmentModels();
  const optimizer = new NesterovSgd(spec.training);
  try {
    const loaded = await models.loadAll(filesOf(built));
    const startedAt = performance.now();
    const training = new AloneTraining(run, spec, built.outline, loaded, optimizer, data);
    for (let round = 1; round <= spec.rounds; round++) {
      const loss = await orDiverged(training.round(round), round, spec.rounds);
      await onProgress({ share: round / spec.rounds, loss, round, macs: training.macs });
    }
    const seconds = (performance.now() - startedAt) / 1_000;
    return {
      ...(await measureAccuracy(spec, built.outline, loaded, data.held, training.trained)),
      rounds: spec.rounds,
      macs: training.macs,
      uploadMB: 0,
      downloadMB: 0,
      uploadMBByRole: {},
      macsByRole: {},
      peakMemoryMBByRole: training.peaks(),
      loss: training.loss,
      seconds,
      cuts: built.cuts,
    };
  } finally {
    optimizer.dispose();
    models.dispose();
  }
}

class AloneTraining {
  macs = 0;
  loss = Number.NaN;
  private readonly run: LearningRun;
  private readonly spec: RunSpec;
  private readonly outline: ModelOutline;
  private readonly loaded: Loaded;
  private readonly optimizer: NesterovSgd;
  private readonly data: BenchData;
  private readonly streams = new Map<string, ExampleStream>();
  private readonly peakBytes = new Map<string, number>();
  /** Segments that were trained and have velocities. */
  readonly trained = new Set<string>();

  constructor(
    run: LearningRun,
    spec: RunSpec,
    outline: ModelOutline,
    loaded: Loaded,
    optimizer: NesterovSgd,
    data: BenchData,
  ) {
    this.run = run;
    this.spec = spec;
    this.outline = outline;
    this.loaded = loaded;
    this.optimizer = optimizer;
    this.data = data;
  }

  /** @returns the mean loss of its last task */
  async round(round: number): Promise<number> {
    const tasks = planTasks(this.spec, this.outline, round);
    for (const task of tasksAlone(this.spec, tasks)) await this.lease(task);
    return this.loss;
  }

  peaks(): Record<string, number> {
    return Object.fromEntries([...this.peakBytes].map(([role, bytes]) => [role, bytes / MEGA]));
  }

  private async lease(task: Task): Promise<void> {
    const stream = this.streamOf(task.role);
    const examples = stream.next(this.run.leaseExamples);
    // The n-th lease of any role has the same name, so that its order and its views are the same in every plan.
    const job = this.job(task, `lease-${stream.taken}`);
    const beside = this.bytesBeside(task);
    const pace = new WorkPace(examples.labels.length * task.epochs);
    const { loss, peakBytes } = await trainSegment(job, this.loaded, examples, pace, this.optimizer);
    const { batch } = this.spec.training;
    followAverages(this.outline, task, this.loaded, { batch, examples: examples.labels.length });
    this.loss = loss;
    this.macs += taskMacs(this.outline, task) * examples.labels.length;
    this.peakBytes.set(task.role, Math.max(this.peakBytes.get(task.role) ?? 0, peakBytes - beside));
    for (const id of task.trains) this.trained.add(id);
  }

  private job(task: Task, lease: string): LeaseJob {
    const { batch, momentum, weightDecay, augment } = this.spec.training;
    return {
      lease,
      task,
      segments: {},
      examples: { kind: 'parts', hashes: [], files: [] },
      batch,
      microBatch: batch,
      momentum,
      weightDecay,
      augment,
      seed: this.spec.seed,
      codec: { name: 'f32' },
      classes: this.data.train.classes,
      downloadBytes: 0,
    };
  }

  private streamOf(role: string): ExampleStream {
    const stream = this.streams.get(role) ?? new ExampleStream(this.data.train, this.spec.seed);
    this.streams.set(role, stream);
    return stream;
  }

  /** Bytes that lie here and that a device of this role alone would not hold: other segments, and their velocities. */
  private bytesBeside(task: Task): number {
    const velocities = task.trains.filter(id => this.trained.has(id));
    const own =
      sum(segmentsOf(task).map(id => this.bytesOf(id, 'weights'))) +
      sum(velocities.map(id => this.bytesOf(id, 'trainableWeights')));
    return tf.memory().numBytes - own;
  }

  private bytesOf(id: string, which: 'weights' | 'trainableWeights'): number {
    const weights = this.loaded[id]?.model[which] ?? [];
    return 4 * sum(weights.map(weight => weight.read().size));
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
