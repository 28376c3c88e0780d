import * as tf from '@tensorflow/tfjs-core';
import { type Loaded, pick } from '../models/segment-models.ts';
import type { LeaseJob } from '../trainer-api.ts';

/**
 * The local loss of FedDyn (Acar et al., arXiv 2111.04263): + (μ/2)·‖θ − a‖². The anchor a is θ_start − S, with S the sum
 * of the changes that this volunteer's updates made before. That is the paper's −⟨g, θ⟩ + (μ/2)·‖θ − θ_start‖² with its g
 * = −μ·S, but for a constant. Owns its anchors.
 */
export class DriftCorrection {
  private readonly strength: number;
  private readonly anchors = new Map<string, tf.Tensor>();

  /** The variables hold θ_start. @param job whose task has a `correction` */
  constructor({ task, drift = {} }: Pick<LeaseJob, 'task' | 'drift'>, loaded: Loaded) {
    this.strength = task.correction ?? 0;
    for (const [i, { model }] of pick(loaded, task.trains).entries()) {
      const moved = drift[task.trains[i] ?? ''] ?? {};
      for (const weight of model.trainableWeights) {
        const variable = weight.read() as tf.Variable;
        this.anchors.set(variable.name, anchorOf(variable, moved[weight.originalName]));
      }
    }
  }

  /** The gradient and μ(θ − a). Makes tensors: call within `tidy`. */
  addTo(gradient: tf.Tensor, variable: tf.Variable): tf.Tensor {
    const anchor = this.anchors.get(variable.name);
    return anchor ? tf.add(gradient, tf.mul(tf.sub(variable, anchor), this.strength)) : gradient;
  }

  dispose(): void {
    for (const anchor of this.anchors.values()) anchor.dispose();
    this.anchors.clear();
  }
}

const anchorOf = (start: tf.Variable, moved: Float32Array | undefined): tf.Tensor =>
  tf.tidy(() => (moved ? tf.sub(start, tf.tensor(moved, start.shape)) : tf.clone(start)));
