import * as tf from '@tensorflow/tfjs-core';
import { branchesIn, isSameExit } from '../../../shared/plan/task/exits.ts';
import { type GradientBlock, gradientBlocks } from '../../../shared/plan/task/gradient-blocks.ts';
import { type Branch, branchesOf, type Exit, type Task } from '../../../shared/protocol/lease.ts';
import { featuresAfter, joinLogits, type Loaded, pick, runChain } from '../models/segment-models.ts';
import { exitLoss, stopGradient, withoutGradient } from './losses.ts';

/** Gradients by variable name. It is a type and not an interface, because `tidy` must know what to keep. */
export type LossAndGradients = { loss: tf.Scalar; gradients: tf.NamedTensorMap };

export interface Batch {
  /** Pixels, or what the last frozen segment put out, [n, …]. */
  readonly input: tf.Tensor;
  /** One-hot, [n, classes]. */
  readonly labels: tf.Tensor;
}

/** The trained variables of these segments. */
export const variablesOf = (loaded: Loaded, segments: readonly string[]): tf.Variable[] =>
  pick(loaded, segments).flatMap(({ model }) =>
    model.trainableWeights.map(weight => weight.read() as tf.Variable),
  );

/**
 * The sum of a task's exit losses over a batch, each a mean, and its gradients. It goes block by block: what a
 * gradient block kept for its gradients is gone before the next one begins. Makes tensors: call within `tidy`.
 * @param weight of all of it: the share of the batch if this is a micro-batch
 */
export function batchGradients(task: Task, loaded: Loaded, batch: Batch, weight = 1): LossAndGradients {
  const pass = new BatchPass(task, loaded, batch);
  try {
    const blocks = gradientBlocks(task).map(block => {
      const variables = variablesOf(loaded, trainedIn(block, task));
      const { value, grads } = tf.variableGrads(() => weighted(pass.blockLoss(block), weight), variables);
      pass.endBlock();
      return { loss: value, gradients: grads };
    });
    return {
      loss: blocks.map(({ loss }) => loss).reduce((sum, loss) => tf.add(sum, loss)),
      gradients: Object.assign({}, ...blocks.map(({ gradients }) => gradients)),
    };
  } finally {
    pass.dispose();
  }
}

const weighted = (loss: tf.Scalar, weight: number): tf.Scalar => (weight === 1 ? loss : tf.mul(loss, weight));

const trainedIn = ({ path, exits }: GradientBlock, { trains }: Task): string[] =>
  trains.filter(id => path.includes(id) || branchesIn(exits).some(({ through }) => through.includes(id)));

interface ExitLogits extends Branch {
  readonly logits: tf.Tensor;
}

/** The logits of an exit, of those of its branches. */
const logitsOf = (exit: Exit, branches: readonly ExitLogits[]): tf.Tensor =>
  joinLogits(
    exit,
    branchesOf(exit)
      .flatMap(branch => branches.filter(known => isSameExit(known, branch)))
      .map(({ logits }) => logits),
  );

/**
 * What one batch has computed so far: features by the body segment that put them out, and logits by exit. Both
 * outlive the tape of the gradient block that made them.
 */
class BatchPass {
  private readonly loaded: Loaded;
  private readonly trained: ReadonlySet<string>;
  private readonly labels: tf.Tensor;
  private input: tf.Tensor;
  /** Features of the present gradient block, and the last features of the one before. */
  private readonly features = new Map<string, tf.Tensor>();
  private readonly computed: ExitLogits[] = [];
  private readonly kept = new Set<tf.Tensor>();

  constructor({ frozen, trains }: Task, loaded: Loaded, { input, labels }: Batch) {
    this.loaded = loaded;
    this.trained = new Set(trains);
    this.input = input;
    this.labels = labels;
    const before = frozen.at(-1);
    if (before !== undefined) this.features.set(before, input);
  }

  /** Runs the gradient block on the caller's tape. */
  blockLoss({ path, exits }: GradientBlock): tf.Scalar {
    for (const id of path) {
      this.input = this.keep(this.run([id], this.input));
      this.features.set(id, this.input);
    }
    const branches = branchesIn(exits).map(branch => ({ ...branch, logits: this.branchLogits(branch) }));
    const computed = exits.map(exit => ({ ...exit, logits: this.keep(logitsOf(exit, branches)) }));
    this.computed.push(...computed);
    const losses = computed.map(exit => {
      const sources = exit.distils.map(({ distilFrom }) => this.logitsOf(distilFrom));
      return exitLoss(exit, exit.logits, this.labels, sources);
    });
    return losses.reduce((sum, loss) => tf.add(sum, loss));
  }

  /** Disposes everything but the features where the next block goes on, and the logits, which it may distil from. */
  endBlock(): void {
    const wanted = new Set([this.input, ...this.computed.map(({ logits }) => logits)]);
    for (const [id, features] of this.features) if (features !== this.input) this.features.delete(id);
    for (const tensor of this.kept) if (!wanted.has(tensor)) this.letGo(tensor);
  }

  dispose(): void {
    for (const tensor of this.kept) this.letGo(tensor);
  }

  /** Trained segments run in training mode, the others in inference mode. */
  private run(chain: readonly string[], input: tf.Tensor): tf.Tensor {
    return chain.reduce((x, id) => runChain(pick(this.loaded, [id]), x, this.trained.has(id)), input);
  }

  private branchLogits({ after, through }: Branch): tf.Tensor {
    return this.run(through, featuresAfter(this.features, after));
  }

  private logitsOf(source: Exit): tf.Tensor {
    const known = this.computed.find(exit => isSameExit(exit, source));
    if (known) return stopGradient(known.logits);
    return joinLogits(
      source,
      branchesOf(source).map(branch => this.logitsOffTape(branch)),
    );
  }

  /** Runs off the tape, which would hold every output of the chain for a gradient that never comes. */
  private logitsOffTape({ after, through }: Branch): tf.Tensor {
    const features = featuresAfter(this.features, after);
    return withoutGradient(x => runChain(pick(this.loaded, through), x as tf.Tensor))(features);
  }

  /** The tape disposes what it made when it ends; a later block needs this. */
  private keep(tensor: tf.Tensor): tf.Tensor {
    this.kept.add(tf.keep(tensor));
    return tensor;
  }

  private letGo(tensor: tf.Tensor): void {
    tensor.dispose();
    this.kept.delete(tensor);
  }
}
