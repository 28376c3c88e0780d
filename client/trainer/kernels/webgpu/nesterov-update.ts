import {
  NesterovUpdate,
  type NesterovUpdateAttrs,
  type NesterovUpdateInputs,
} from '../../ops/nesterov-update.ts';
import { elementwise, runElementwise } from './elementwise.ts';
import { floatKernel, type GpuKernelArgs } from './gpu-kernel.ts';
import { f32, makeTensor } from './gpu-program.ts';

/**
 * The rate, momentum and weight decay are uniforms: a schedule that changes the rate at every step compiles nothing.
 */
const program = elementwise(
  'nesterovUpdate',
  ['weight', 'velocity', 'gradient'],
  ['newWeight', 'newVelocity'],
  `let w = weight[i];
  let g = gradient[i] + uniforms.weightDecay * w;
  let v = uniforms.momentum * velocity[i] + g;
  newVelocity[i] = v;
  newWeight[i] = w - uniforms.learningRate * (g + uniforms.momentum * v);`,
);

/**
 * One dispatch for each tensor; three reads and two writes for each element. Composed of small ops it is six
 * dispatches, about twelve reads and six writes.
 */
function nesterovUpdate({
  inputs: { weight, velocity, gradient },
  attrs: { learningRate, momentum, weightDecay },
  backend,
}: GpuKernelArgs<NesterovUpdateInputs, NesterovUpdateAttrs>) {
  const outputs = [makeTensor(backend, weight.shape), makeTensor(backend, weight.shape)];
  runElementwise(backend, program, [weight, velocity, gradient], outputs, {
    learningRate: f32(learningRate),
    momentum: f32(momentum),
    weightDecay: f32(weightDecay),
  });
  return outputs;
}

export const nesterovUpdateConfig = floatKernel(NesterovUpdate, nesterovUpdate);
