import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { registerCpuKernels } from '../../client/trainer/kernels/cpu/register-cpu-kernels.ts';
import { holdSpecs } from '../support/op-specs/spec-suite.ts';

holdSpecs({ backend: 'cpu', start: registerCpuKernels });
