import type { Remote } from 'comlink';
import { rest } from '../../client/platform/rest.ts';
import type {
  KeptTensors,
  LeaseJob,
  LeaseResult,
  OnProgress,
  TrainerApi,
} from '../../client/trainer/trainer-api.ts';
import { encodeUpdate } from '../../shared/codec/envelope.ts';
import { elementCount } from '../../shared/codec/shard-layout.ts';
import { trainedTensors } from '../../shared/protocol/model-outline.ts';
import { trainingMetrics } from './tiny-run.ts';

/** A trainer without tfjs for tests of the loop around it: every trained value moves by a quarter, in `workMs`. */
export class ScriptedTrainer {
  readonly jobs: LeaseJob[] = [];
  /** When it was at work. */
  readonly times: { readonly from: number; readonly to: number }[] = [];
  /** So many of the next leases fail, as a network does that cannot be trained. */
  failing = 0;
  /** At the end of the work, by when the next lease was asked for. */
  failsLate = false;
  /** With this. */
  failure = new Error('a kernel trapped:\ndivide by zero');
  /** How fast its device is at the start. 0 if it does not tell. */
  macsPerSecond = 0;
  /** What comes of it if that is measured again. */
  measured: Promise<number> = Promise.resolve(0);
  /** What the codec of its updates would leave unsent; today's leave nothing. */
  leaves: ((job: LeaseJob) => KeptTensors) | null = null;
  /** The drift that it tells, of a task that corrects it. */
  drifts: ((job: LeaseJob) => KeptTensors) | null = null;
  /** So many trainings end. Those after them stand still before the last tenth, by when the next lease was asked for. */
  private holdsAfter = Number.POSITIVE_INFINITY;
  private readonly workMs: number;
  private isCancelled = false;

  constructor(workMs = 0) {
    this.workMs = workMs;
  }

  /** Its trainings after so many do not end before they are let go. */
  static held(after = 0): ScriptedTrainer {
    const trainer = new ScriptedTrainer(100);
    trainer.holdsAfter = after;
    return trainer;
  }

  letGo(): void {
    this.holdsAfter = Number.POSITIVE_INFINITY;
  }

  readonly api = {
    start: async () => ({
      ...{ backend: 'cpu', note: null, macsPerSecond: this.macsPerSecond, threads: 1, startMs: 0 },
    }),
    measure: () => this.measured,
    setEffort: async () => {},
    cancel: async () => {
      this.isCancelled = true;
    },
    work: async (job: LeaseJob, onProgress: OnProgress = () => {}): Promise<LeaseResult> => {
      this.jobs.push(job);
      this.isCancelled = false;
      const isFailing = this.failing-- > 0;
      if (isFailing && !this.failsLate) throw this.failure;
      const from = performance.now();
      for (let tenth = 1; tenth <= 10; tenth++) {
        await rest(this.workMs / 10);
        while (tenth === 10 && this.times.length >= this.holdsAfter && !this.isCancelled) await rest(5);
        if (this.isCancelled) throw new Error('the lease was cancelled');
        onProgress(tenth / 10, 0.5);
      }
      if (isFailing) throw this.failure;
      this.times.push({ from, to: performance.now() });
      return {
        envelope: envelopeOf(job),
        ...(this.leaves ? { residual: this.leaves(job) } : {}),
        ...(this.drifts && job.task.correction ? { drift: this.drifts(job) } : {}),
        loss: 0.5,
        accuracy: null,
        samples: 10,
        trainMs: 100,
        encodeMs: 0,
        device: { backend: 'cpu', threads: 1, macsPerSecond: 0 },
      };
    },
  } as unknown as Remote<TrainerApi>;
}

function envelopeOf(job: LeaseJob): Uint8Array {
  const tensors = job.task.trains.flatMap(segment =>
    trainedTensors(job.segments[segment] ?? { tensors: [] }).map(spec => ({
      segment,
      tensor: spec.name,
      values: new Float32Array(elementCount(spec)).fill(0.25),
    })),
  );
  const metrics = job.task.role === 'evaluator' ? evaluationOf(job) : trainingMetrics;
  return encodeUpdate({ lease: job.lease, codec: job.codec, tensors, metrics });
}

function evaluationOf({ examples }: LeaseJob) {
  if (examples.kind !== 'glyphs') throw new Error('a tiny run is on glyphs');
  const ofPart = examples.dataset.examplesPerPart;
  const count = examples.parts.length * ofPart;
  const byPart = {
    correct: examples.parts.map(() => ofPart / 2),
    lossSum: examples.parts.map(() => ofPart),
  };
  return { examples: count, correct: count / 2, lossSum: count, byPart, downloadBytes: 0, backend: 'cpu' };
}
