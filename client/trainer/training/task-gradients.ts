import * as tf from '@tensorflow/tfjs-core';
import { branchesIn, isSameExit } from '../../../shared/plan/task/exits.ts';
import { type GradientBlock, gradientBlocks } from '../../../shared/plan/task/gradient-blocks.ts';
import { type Branch, branchesOf, type Exit, type Task } from '../../../shared/protocol/lease.ts';
import { featuresAfter, type Loaded, pick, runChain } from '../models/segment-models.ts';
import { exitLoss, stopGradient, withoutGradient } from './losses.ts';

/** Gradients by variable name. A type and no interface, so that `tidy` knows what to keep. */
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
 * The sum of a task's exit losses over a batch, each a mean, and its gradients, stage by stage: what a stage kept for its
 * gradients is gone before the next begins. Makes tensors: call within `tidy`.
 * @param weight of all of it, where the batch is a part of one
 */
export function batchGradients(task: Task, loaded: Loaded, batch: Batch, weight = 1): LossAndGradients {
  const pass = new BatchPass(task, loaded, batch);
  try {
    const stages = gradientBlocks(task).map(stage => {
      const variables = variablesOf(loaded, trainedIn(stage, task));
      const { value, grads } = tf.variableGrads(() => weighted(pass.stageLoss(stage), weight), variables);
      pass.endStage();
      return { loss: value, gradients: grads };
    });
    return {
      loss: stages.map(({ loss }) => loss).reduce((sum, loss) => tf.add(sum, loss)),
      gradients: Object.assign({}, ...stages.map(({ gradients }) => gradients)),
    };
  } finally {
    pass.dispose();
  }
}

const weighted = (loss: tf.Scalar, weight: number): tf.Scalar => (weight === 1 ? loss : tf.mul(loss, weight));

const trainedIn = ({ path, exits }: GradientBlock, { trains }: Task): string[] =>
  trains.filter(id => path.includes(id) || branchesIn(exits).some(({ through }) => through.includes(id)));

interface Answered extends Branch {
  readonly logits: tf.Tensor;
}

/** The logits of an answer: its own, and those of the answers that are added to it. */
const sumOf = (answer: Exit, branches: readonly Answered[]): tf.Tensor =>
  branchesOf(answer)
    .flatMap(branch => branches.filter(known => isSameExit(known, branch)))
    .map(({ logits }) => logits)
    .reduce((sum, logits) => tf.add(sum, logits));

/** What a batch has come to: features by the body segment that put them out, and exits' logits, beyond a stage's tape. */
class BatchPass {
  private readonly loaded: Loaded;
  private readonly trained: ReadonlySet<string>;
  private readonly labels: tf.Tensor;
  private input: tf.Tensor;
  /** Of the stage at hand and the end of the one before. */
  private readonly features = new Map<string, tf.Tensor>();
  private readonly answers: Answered[] = [];
  private readonly kept = new Set<tf.Tensor>();

  constructor({ frozen, trains }: Task, loaded: Loaded, { input, labels }: Batch) {
    this.loaded = loaded;
    this.trained = new Set(trains);
    this.input = input;
    this.labels = labels;
    const before = frozen.at(-1);
    if (before !== undefined) this.features.set(before, input);
  }

  /** Runs the stage on the tape of whoever calls. */
  stageLoss({ path, exits }: GradientBlock): tf.Scalar {
    for (const id of path) {
      this.input = this.keep(this.run([id], this.input));
      this.features.set(id, this.input);
    }
    const branches = branchesIn(exits).map(branch => ({ ...branch, logits: this.branchLogits(branch) }));
    const answered = exits.map(exit => ({ ...exit, logits: this.keep(sumOf(exit, branches)) }));
    this.answers.push(...answered);
    const losses = answered.map(exit => {
      const sources = exit.distils.map(({ distilFrom }) => this.logitsOf(distilFrom));
      return exitLoss(exit, exit.logits, this.labels, sources);
    });
    return losses.reduce((sum, loss) => tf.add(sum, loss));
  }

  /** Lets go of all but where the next stage goes on and the logits, which may be rivals there. */
  endStage(): void {
    const wanted = new Set([this.input, ...this.answers.map(({ logits }) => logits)]);
    for (const [id, features] of this.features) if (features !== this.input) this.features.delete(id);
    for (const tensor of this.kept) if (!wanted.has(tensor)) this.letGo(tensor);
  }

  dispose(): void {
    for (const tensor of this.kept) this.letGo(tensor);
  }

  /** Trained segments in training mode, others as they answer. */
  private run(chain: readonly string[], input: tf.Tensor): tf.Tensor {
    return chain.reduce((x, id) => runChain(pick(this.loaded, [id]), x, this.trained.has(id)), input);
  }

  private branchLogits({ after, through }: Branch): tf.Tensor {
    return this.run(through, featuresAfter(this.features, after));
  }

  private logitsOf(source: Exit): tf.Tensor {
    const known = this.answers.find(answer => isSameExit(answer, source));
    if (known) return stopGradient(known.logits);
    return branchesOf(source)
      .map(branch => this.asked(branch))
      .reduce((sum, logits) => tf.add(sum, logits));
  }

  /** Off the tape, which would hold every output of the chain for a gradient that never comes. */
  private asked({ after, through }: Branch): tf.Tensor {
    const features = featuresAfter(this.features, after);
    return withoutGradient(x => runChain(pick(this.loaded, through), x as tf.Tensor))(features);
  }

  /** The tape lets go of what it made when it ends; a later stage goes on from this. */
  private keep(tensor: tf.Tensor): tf.Tensor {
    this.kept.add(tf.keep(tensor));
    return tensor;
  }

  private letGo(tensor: tf.Tensor): void {
    tensor.dispose();
    this.kept.delete(tensor);
  }
}
