import {
  BatchNormTraining,
  type BatchNormTrainingAttrs,
  BatchNormTrainingGrad,
  type BatchNormTrainingGradInputs,
  type BatchNormTrainingInputs,
} from '../../ops/batch-norm.ts';
import { cpuKernel, makeTensor, valuesOf } from './cpu-kernel.ts';
import { backpropSet, momentsOf } from './normalise.ts';

/** Places of a channel in [n, …, c]. */
const placesOfChannel = (size: number, channels: number, channel: number): number[] =>
  Array.from({ length: size / channels }, (_, i) => i * channels + channel);

const forward = cpuKernel<BatchNormTrainingInputs, BatchNormTrainingAttrs>(
  BatchNormTraining,
  ({ inputs, attrs: { epsilon }, backend }) => {
    const [x, gamma, beta] = [inputs.x, inputs.gamma, inputs.beta].map(t => valuesOf(backend, t));
    if (!x || !gamma || !beta) throw new Error('batch norm lacks an input');
    const channels = gamma.length;
    const y = new Float32Array(x.length);
    const means = new Float32Array(channels);
    const variances = new Float32Array(channels);
    for (let channel = 0; channel < channels; channel++) {
      const places = placesOfChannel(x.length, channels, channel);
      const { mean, variance } = momentsOf(x, places);
      means[channel] = mean;
      variances[channel] = variance;
      const scale = (gamma[channel] as number) / Math.sqrt(variance + epsilon);
      for (const place of places)
        y[place] = ((x[place] as number) - mean) * scale + (beta[channel] as number);
    }
    return [
      makeTensor(backend, inputs.x.shape, y),
      makeTensor(backend, [channels], means),
      makeTensor(backend, [channels], variances),
    ];
  },
);

const backward = cpuKernel<BatchNormTrainingGradInputs, BatchNormTrainingAttrs>(
  BatchNormTrainingGrad,
  ({ inputs, attrs: { epsilon }, backend }) => {
    const gamma = valuesOf(backend, inputs.gamma);
    const x = valuesOf(backend, inputs.x);
    const tensors = {
      x,
      dy: valuesOf(backend, inputs.dy),
      gamma,
      dx: new Float32Array(x.length),
      dgamma: new Float32Array(gamma.length),
      dbeta: new Float32Array(gamma.length),
    };
    const variances = valuesOf(backend, inputs.variance);
    for (const [channel, mean] of valuesOf(backend, inputs.mean).entries()) {
      const inverseDeviation = 1 / Math.sqrt((variances[channel] as number) + epsilon);
      backpropSet(tensors, placesOfChannel(x.length, gamma.length, channel), mean, inverseDeviation);
    }
    return [
      makeTensor(backend, inputs.x.shape, tensors.dx),
      makeTensor(backend, inputs.gamma.shape, tensors.dgamma),
      makeTensor(backend, inputs.gamma.shape, tensors.dbeta),
    ];
  },
);

export const batchNormConfigs = [forward, backward];
