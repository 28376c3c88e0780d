/** Writes `client/host/zoo/zoo-costs.json`: what each network of the zoo costs up to each place where it may be cut. */
import '@tensorflow/tfjs-backend-cpu';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { packageRoot } from '../../client/headless/package-root.ts';
import { registerCpuKernels } from '../../client/trainer/kernels/cpu/register-cpu-kernels.ts';
import { zooCosts } from '../support/measure-zoo.ts';

registerCpuKernels();
await tf.setBackend('cpu');
await writeFile(
  join(packageRoot, 'client/host/zoo/zoo-costs.json'),
  `${JSON.stringify(zooCosts(), null, 1)}\n`,
);
