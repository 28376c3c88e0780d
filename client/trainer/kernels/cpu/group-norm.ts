import {
  GroupNorm,
  type GroupNormAttrs,
  GroupNormGrad,
  type GroupNormGradAttrs,
  type GroupNormGradInputs,
  type GroupNormInputs,
} from '../../ops/group-norm.ts';
import { cpuKernel, makeTensor, valuesOf } from './cpu-kernel.ts';
import { backpropSet, momentsOf } from './normalise.ts';

/** Places of group `set % groups` of example `floor(set / groups)` in [n, …, c]. */
function placesOfSet(shape: readonly number[], groups: number, set: number): number[] {
  const channels = shape.at(-1) ?? 1;
  const positions = shape.slice(1, -1).reduce((product, size) => product * size, 1);
  const width = channels / groups;
  const first = Math.floor(set / groups) * positions * channels + (set % groups) * width;
  return Array.from(
    { length: positions * width },
    (_, i) => first + Math.floor(i / width) * channels + (i % width),
  );
}

const forward = cpuKernel<GroupNormInputs, GroupNormAttrs>(
  GroupNorm,
  ({ inputs, attrs: { groups, epsilon }, backend }) => {
    const [x, gamma, beta] = [inputs.x, inputs.gamma, inputs.beta].map(t => valuesOf(backend, t));
    if (!x || !gamma || !beta) throw new Error('group norm lacks an input');
    const [examples = 0] = inputs.x.shape;
    const y = new Float32Array(x.length);
    const means = new Float32Array(examples * groups);
    const inverseDeviations = new Float32Array(examples * groups);
    for (let set = 0; set < means.length; set++) {
      const places = placesOfSet(inputs.x.shape, groups, set);
      const { mean, variance } = momentsOf(x, places);
      means[set] = mean;
      inverseDeviations[set] = 1 / Math.sqrt(variance + epsilon);
      for (const place of places) {
        const channel = place % gamma.length;
        const normal = ((x[place] as number) - mean) * (inverseDeviations[set] as number);
        y[place] = normal * (gamma[channel] as number) + (beta[channel] as number);
      }
    }
    return [
      makeTensor(backend, inputs.x.shape, y),
      makeTensor(backend, [examples, groups], means),
      makeTensor(backend, [examples, groups], inverseDeviations),
    ];
  },
);

const backward = cpuKernel<GroupNormGradInputs, GroupNormGradAttrs>(
  GroupNormGrad,
  ({ inputs, attrs: { groups }, backend }) => {
    const gamma = valuesOf(backend, inputs.gamma);
    const tensors = {
      x: valuesOf(backend, inputs.x),
      dy: valuesOf(backend, inputs.dy),
      gamma,
      dx: new Float32Array(valuesOf(backend, inputs.x).length),
      dgamma: new Float32Array(gamma.length),
      dbeta: new Float32Array(gamma.length),
    };
    const means = valuesOf(backend, inputs.mean);
    const inverseDeviations = valuesOf(backend, inputs.inverseDeviation);
    for (const [set, mean] of means.entries())
      backpropSet(tensors, placesOfSet(inputs.x.shape, groups, set), mean, inverseDeviations[set] as number);
    return [
      makeTensor(backend, inputs.x.shape, tensors.dx),
      makeTensor(backend, inputs.gamma.shape, tensors.dgamma),
      makeTensor(backend, inputs.gamma.shape, tensors.dbeta),
    ];
  },
);

export const groupNormConfigs = [forward, backward];
