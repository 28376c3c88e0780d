import { encodeUpdate } from '../../../../shared/codec/envelope.ts';
import type { Grant } from '../../../../shared/federation/lease/grant-lease.ts';
import { expectedTensors } from '../../../../shared/protocol/expected-tensors.ts';
import type { EvaluationMetrics, TrainingMetrics } from '../../../../shared/protocol/lease.ts';
import type { Manifest } from '../../../../shared/protocol/model-outline.ts';
import type { RunConfig } from '../../../../shared/protocol/run-config.ts';
import type { MemoryBlobs } from '../../../support/memory-blobs.ts';
import type { DenseNetwork } from '../network/dense-network.ts';
import { type Judgement, judge } from '../network/judge.ts';
import type { LabelledRows } from '../network/pictures.ts';
import { type DenseWeights, trainTask } from '../network/train-task.ts';
import { cutTensors, flatten } from './flat-update.ts';
import { VersionWeights } from './version-weights.ts';

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

  judge({ manifest }: Pick<Grant, 'manifest'>, pictures: LabelledRows): Judgement {
    return judge(this.network, this.weights.of(manifest), pictures);
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

  /** The envelope of an evaluator's lease. @param parts what is said of each of its parts */
  judgementEnvelope({ lease }: Grant, parts: readonly Judgement[]): Uint8Array {
    const byPart = { correct: parts.map(one => one.correct), lossSum: parts.map(one => one.lossSum) };
    const metrics: EvaluationMetrics = {
      examples: sumOf(parts.map(one => one.examples)),
      ...{ correct: sumOf(byPart.correct), lossSum: sumOf(byPart.lossSum), byPart },
      ...DEVICE,
    };
    return encodeUpdate({ lease: lease.id, codec: this.config.spec.codec, tensors: [], metrics });
  }
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0);
