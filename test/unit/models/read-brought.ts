import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll } from 'vitest';
import { registerCpuKernels } from '../../../client/trainer/kernels/cpu/register-cpu-kernels.ts';
import { type HostModel, readHostModel } from '../../../client/trainer/models/host-model.ts';
import type { ModelFiles } from '../../../client/trainer/trainer-api.ts';
import { bareFile, dense3, input3, type keras3, sequential3 } from './keras-models.ts';

export type Layer = ReturnType<typeof keras3>;

/** Networks are read on the CPU backend, the fastest to start. */
export const useCpuBackend = (): void =>
  beforeAll(async () => {
    registerCpuKernels();
    await tf.setBackend('cpu');
  });

export const request = { name: 'brought', inputShape: [8, 8, 1], classes: 3, seed: 1 } as const;
export const picture = input3([8, 8, 1]);
export const logits = dense3('classes', 3, { activation: 'linear' });

/** A host's network for pictures of 8 × 8 in three classes, unless told otherwise. */
export const read = (
  files: ModelFiles,
  inputShape: readonly [number, number, number] = request.inputShape,
): Promise<HostModel> => readHostModel({ ...request, inputShape }, files);

/** Layers of Keras 3 behind the picture. */
export const readChain = (...layers: readonly Layer[]): Promise<HostModel> =>
  read(bareFile(sequential3(picture, ...layers)));

export const classesOf = ({ graph }: HostModel): string[] => graph.layers.map(({ className }) => className);
export const namesOf = ({ graph }: HostModel): string[] => graph.layers.map(({ name }) => name);
