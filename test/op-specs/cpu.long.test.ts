import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { registerCpuKernels } from '../../client/trainer/kernels/cpu/register-cpu-kernels.ts';
import cpu from '../support/op-specs/known-failures/cpu.json' with { type: 'json' };
import { holdSpecs } from '../support/op-specs/spec-suite.ts';

holdSpecs({ backend: 'cpu', start: registerCpuKernels, knownFailures: cpu });
