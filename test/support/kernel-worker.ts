import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { startWebgpu, takeGpuFailure } from '../../client/trainer/backends/start-webgpu.ts';
import { registerCpuKernels } from '../../client/trainer/kernels/cpu/register-cpu-kernels.ts';
import { groupFailures, missingKernels } from './conformance.ts';
import { fewestCasesOf } from './kernel-cases.ts';

export interface KernelReport {
  readonly groups: number;
  readonly failures: readonly string[];
}

/** Of the large groups one case in so many. In Node every case is run. */
const ONE_IN = 4;

/** Entry of a browser's worker: the conformance suite on its WebGPU; the report is its one message. */
async function runSuite(): Promise<KernelReport> {
  registerCpuKernels();
  await tf.setBackend('cpu');
  await startWebgpu();
  await tf.setBackend('webgpu');
  const groups = fewestCasesOf('webgpu', ONE_IN);
  const failures: string[] = [];
  for (const group of groups) {
    const missing = missingKernels('webgpu', group).map(kernel => `no kernel ${kernel}`);
    const problems = [...missing, ...(await groupFailures('webgpu', group))];
    const failure = takeGpuFailure();
    if (failure) problems.push(failure.message);
    failures.push(...problems.map(problem => `${group.name}: ${problem}`));
  }
  return { groups: groups.length, failures };
}

const report = await runSuite().catch(
  (error: unknown): KernelReport => ({ groups: 0, failures: [String(error)] }),
);
globalThis.postMessage(report);
