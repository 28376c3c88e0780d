import * as tf from '@tensorflow/tfjs-core';
import { nesterovUpdate } from '../ops/nesterov-update.ts';
import type { DriftCorrection } from './drift-correction.ts';

interface SgdSettings {
  readonly momentum: number;
  readonly weightDecay: number;
}

/** A variable and its learning rate at this step. */
export interface Trained {
  readonly variable: tf.Variable;
  readonly learningRate: number;
}

/**
 * SGD with Nesterov momentum and weight decay as in PyTorch: g ← g + λw; v ← μv + g; w ← w − η(g + μv). Each variable
 * has one velocity, which is zero at first. Owns its velocities.
 */
export class NesterovSgd {
  private readonly settings: SgdSettings;
  private readonly velocities = new Map<string, tf.Variable>();

  constructor({ momentum, weightDecay }: SgdSettings) {
    this.settings = { momentum, weightDecay };
  }

  /** Applies gradients by variable name, and disposes them. @param correction what is added to each of them, if any */
  apply(
    trained: readonly Trained[],
    gradients: Readonly<Record<string, tf.Tensor>>,
    correction?: DriftCorrection,
  ): void {
    for (const { variable, learningRate } of trained) {
      const gradient = gradients[variable.name];
      if (!gradient) continue;
      const velocity = this.velocity(variable);
      tf.tidy(() => {
        const whole = correction?.addTo(gradient, variable) ?? gradient;
        const updated = nesterovUpdate(variable, velocity, whole, { ...this.settings, learningRate });
        variable.assign(updated.weight);
        velocity.assign(updated.velocity);
      });
      gradient.dispose();
    }
  }

  dispose(): void {
    for (const velocity of this.velocities.values()) velocity.dispose();
    this.velocities.clear();
  }

  private velocity(variable: tf.Variable): tf.Variable {
    const known = this.velocities.get(variable.name);
    if (known) return known;
    const made = tf.tidy(() => tf.variable(tf.zerosLike(variable), false));
    this.velocities.set(variable.name, made);
    return made;
  }
}
