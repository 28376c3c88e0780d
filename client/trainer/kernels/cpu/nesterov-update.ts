import {
  NesterovUpdate,
  type NesterovUpdateAttrs,
  type NesterovUpdateInputs,
} from '../../ops/nesterov-update.ts';
import { cpuKernel, makeTensor, valuesOf } from './cpu-kernel.ts';

export const nesterovUpdateConfig = cpuKernel<NesterovUpdateInputs, NesterovUpdateAttrs>(
  NesterovUpdate,
  ({ inputs, attrs: { learningRate, momentum, weightDecay }, backend }) => {
    const gradient = valuesOf(backend, inputs.gradient);
    const velocity = valuesOf(backend, inputs.velocity);
    const newWeight = valuesOf(backend, inputs.weight).slice();
    const newVelocity = velocity.slice();
    for (const [i, w] of newWeight.entries()) {
      const g = (gradient[i] as number) + weightDecay * w;
      const v = momentum * (velocity[i] as number) + g;
      newVelocity[i] = v;
      newWeight[i] = w - learningRate * (g + momentum * v);
    }
    return [
      makeTensor(backend, inputs.weight.shape, newWeight),
      makeTensor(backend, inputs.weight.shape, newVelocity),
    ];
  },
);
