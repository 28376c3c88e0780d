import { encodeUpdate } from '../../../../shared/codec/envelope.ts';
import type { Grant } from '../../../../shared/federation/lease/grant-lease.ts';
import { expectedTensors } from '../../../../shared/protocol/expected-tensors.ts';
import type { EvaluationMetrics, TrainingMetrics } from '../../../../shared/protocol/lease.ts';
import type { Manifest } from '../../../../shared/protocol/model-outline.ts';
import type { RunConfig } from '../../../../shared/protocol/run-config.ts';
import type { MemoryBlobs } from '../../../support/memory-blobs.ts';
import type { DenseNetwork } from '../network/dense-network.ts';
import { judge } from '../network/judge.ts';
import type { LabelledRows } from '../network/pictures.ts';
import { type DenseWeights, trainTask } from '../network/train-task.ts';
import { cutTensors, flatten } from './flat-update.ts';
import { VersionWeights } from './version-weights.ts';

/** More than any loss may be told to be. */
const LARGEST_LOSS = 1e9;

const DEVICE = { downloadBytes: 0, backend: 'cpu' } as const;

/** What a training lease came to, as one flat array. */
export interface Trained {
  readonly update: Float32Array;
  readonly loss: number;
}

/** What volunteers do with leases: they train, judge and write envelopes. */
export class LeaseWork {
  private readonly config: RunConfig;
  private readonly network: DenseNetwork;
  private readonly weights: VersionWeights;
  private readonly first: DenseWeights;

  /** @param manifest of version 0 */
  constructor(config: RunConfig, network: DenseNetwork, blobs: MemoryBlobs, manifest: Manifest) {
    this.config = config;
    this.network = network;
    this.weights = new VersionWeights(network.outline, blobs);
    this.first = this.weights.of(manifest);
  }

  /** @returns null if what was learnt is not a number any more */
  train({ lease, task, manifest }: Grant, pictures: LabelledRows): Trained | null {
    const { seed, training } = this.config.spec;
    const order = `${seed} ${lease.volunteer} ${lease.round}`;
    const { changes, loss } = trainTask(
      this.network,
      this.weights.of(manifest),
      task,
      pictures,
      training,
      order,
    );
    const update = flatten(changes);
    return update.every(Number.isFinite) && Number.isFinite(loss) ? { update, loss } : null;
  }

  /** What rounds before this lease's have moved of the weights that it trains. */
  moved({ task, manifest }: Grant): Float32Array {
    const now = this.weights.of(manifest);
    const [before, after] = [this.first, now].map(weights =>
      flatten(task.trains.flatMap(id => weights.get(id) ?? [])),
    );
    return (after ?? new Float32Array()).map((value, i) => value - (before?.[i] ?? 0));
  }

  judge({ manifest }: Pick<Grant, 'manifest'>, parts: readonly LabelledRows[]): EvaluationMetrics {
    const weights = this.weights.of(manifest);
    const judged = parts.map(part => judge(this.network, weights, part));
    const sum = (of: (one: (typeof judged)[number]) => number) =>
      judged.reduce((total, one) => total + of(one), 0);
    const lossSum = sum(one => one.lossSum);
    return {
      ...{ examples: sum(({ examples }) => examples), correct: sum(({ correct }) => correct) },
      lossSum: Math.min(lossSum, LARGEST_LOSS),
      ...DEVICE,
    };
  }

  /** The envelope of a training lease. */
  updateEnvelope({ lease, task }: Grant, { update, loss }: Trained): Uint8Array {
    const { spec, model } = this.config;
    const expected = expectedTensors(model, task.trains, task.slices);
    const values = cutTensors(
      update,
      expected.map(({ elements }) => elements),
    );
    const metrics: TrainingMetrics = {
      samples: lease.examples * task.epochs,
      loss,
      trainMs: 1_000,
      ...DEVICE,
    };
    const tensors = expected.map(({ segment, tensor }, i) => ({
      segment,
      tensor,
      values: values[i] ?? new Float32Array(),
    }));
    return encodeUpdate({ lease: lease.id, codec: spec.codec, tensors, metrics });
  }

  /** The envelope of an evaluator's lease. */
  judgementEnvelope({ lease }: Grant, metrics: EvaluationMetrics): Uint8Array {
    return encodeUpdate({ lease: lease.id, codec: this.config.spec.codec, tensors: [], metrics });
  }
}
