import type { UpdateTensor } from '../../../shared/codec/envelope.ts';
import type { Examples } from '../../../shared/datasets/examples.ts';
import { allFinite } from '../../../shared/math/all-finite.ts';
import { cutText } from '../../../shared/protocol/cut-text.ts';
import type { EvaluationMetrics, TrainingMetrics } from '../../../shared/protocol/lease.ts';
import type { OutlineTensor } from '../../../shared/protocol/model-outline.ts';
import { joinParts, loadParts } from '../examples/examples.ts';
import { type Loaded, pick } from '../models/segment-models.ts';
import type { LeaseJob, LeaseResult, OnProgress, TrainerInfo } from '../trainer-api.ts';
import { DivergedError } from '../training/diverged-error.ts';
import { trainSegment } from '../training/train-segment.ts';
import { addDrift } from './add-drift.ts';
import { blameWeights } from './blame-weights.ts';
import type { Effort } from './effort.ts';
import { type Encoded, encodeWithFeedback } from './error-feedback.ts';
import { evaluateModel, evaluationBatch } from './evaluate-model.ts';
import { narrowResidual, widenResidual } from './slice-residual.ts';
import { WorkPace } from './work-pace.ts';

/** Longest `fallback` of the metrics, in characters. */
const MAX_NOTE = 200;

/** A result without the device that it was made on. */
type Made = Omit<LeaseResult, 'device' | 'fallback'>;

export interface LeaseWork {
  readonly pace: WorkPace;
  readonly result: Promise<LeaseResult>;
}

/**
 * Works one lease, from loaded segments to bytes: decodes the examples, trains or evaluates, and encodes what the
 * platform expects.
 * @param device what it runs on; its `note` says why that is not what was asked for
 */
export function workLease(
  job: LeaseJob,
  loaded: Loaded,
  device: TrainerInfo,
  onProgress?: OnProgress,
  effort?: Effort,
): LeaseWork {
  const parts = loadParts(job.examples);
  const examples = joinParts(parts);
  const pace = new WorkPace(examples.labels.length * job.task.epochs, onProgress, effort);
  const work = async (): Promise<LeaseResult> => {
    const result = await (job.task.role === 'evaluator'
      ? evaluate(job, loaded, examples, parts, pace, device)
      : train(job, loaded, examples, pace, device));
    const { note, ...used } = device;
    return { ...result, device: used, ...(note === null ? {} : { fallback: note }) };
  };
  return { pace, result: work() };
}

async function evaluate(
  job: LeaseJob,
  loaded: Loaded,
  examples: Examples,
  parts: readonly Examples[],
  pace: WorkPace,
  device: TrainerInfo,
): Promise<Made> {
  const startedAt = performance.now();
  const sizes = parts.map(({ labels }) => labels.length);
  const evaluation = await evaluateModel(loaded, job.task, examples, evaluationBatch(job), pace, sizes);
  const { downloadBytes } = job;
  const metrics: EvaluationMetrics = { ...evaluation, downloadBytes, ...deviceMetrics(device) };
  return {
    ...encodeWithFeedback(job, [], metrics),
    loss: evaluation.lossSum / evaluation.examples,
    accuracy: evaluation.correct / evaluation.examples,
    samples: evaluation.examples,
    trainMs: performance.now() - startedAt,
    encodeMs: 0,
  };
}

async function train(
  job: LeaseJob,
  loaded: Loaded,
  examples: Examples,
  pace: WorkPace,
  device: TrainerInfo,
): Promise<Made> {
  const startedAt = performance.now();
  const { loss, samples, peakBytes } = await trainSegment(job, loaded, examples, pace).catch(error => {
    throw blameWeights(error, loaded);
  });
  const trainedAt = performance.now();
  const trainMs = trainedAt - startedAt;
  const metrics: TrainingMetrics = {
    samples,
    loss,
    trainMs,
    downloadBytes: job.downloadBytes,
    batch: job.microBatch,
    peakMemoryMB: peakBytes / 1e6,
    ...deviceMetrics(device),
  };
  const tensors = await updateTensors(job, loaded);
  return {
    ...encodeSliced(job, tensors, metrics),
    ...(job.task.correction === undefined ? {} : { drift: addDrift(job.drift, tensors) }),
    loss,
    accuracy: null,
    samples,
    trainMs,
    encodeMs: performance.now() - trainedAt,
  };
}

/** The update of a task that may have a part of the channels. */
function encodeSliced(job: LeaseJob, tensors: readonly UpdateTensor[], metrics: TrainingMetrics): Encoded {
  const { residual: _, ...others } = job;
  const before = narrowResidual(job);
  const encoded = encodeWithFeedback({ ...others, ...(before && { residual: before }) }, tensors, metrics);
  return encoded.residual ? { ...encoded, residual: widenResidual(job, encoded.residual) } : encoded;
}

const deviceMetrics = ({ backend, threads, note }: TrainerInfo) => ({
  backend,
  threads,
  ...(note === null ? {} : { fallback: cutText(note, MAX_NOTE) }),
});

/**
 * What the update says of each tensor of the trained segments that is not frozen, in the order that the platform
 * expects. All are read at once, so that a GPU makes one round trip and not one for each tensor.
 * @throws DivergedError if a weight is not a finite number
 */
const updateTensors = (job: LeaseJob, loaded: Loaded): Promise<UpdateTensor[]> =>
  Promise.all(
    pick(loaded, job.task.trains).flatMap(({ variables, start }, place) => {
      const segment = job.task.trains[place] ?? '';
      const tensors = job.segments[segment]?.tensors ?? [];
      const told = async ({ name: tensor, statistic }: OutlineTensor, i: number): Promise<UpdateTensor> => {
        const end = (await variables[i]?.data()) as Float32Array;
        const values = statistic === undefined ? changeOf(tensor, start[i] ?? end, end) : end;
        return { segment, tensor, values, statistic };
      };
      return tensors.flatMap((tensor, i) => (tensor.frozen ? [] : [told(tensor, i)]));
    }),
  );

/** Δ = θ_end − θ_start. A statistic goes as it is instead, and the platform says if it cannot be. */
function changeOf(tensor: string, start: Float32Array, end: Float32Array): Float32Array {
  const change = end.map((value, i) => value - (start[i] as number));
  if (!allFinite(change)) throw new DivergedError(`a weight of ${tensor}`);
  return change;
}
