import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startNodeHelper } from '../../../client/headless/trainer-thread/kernel-helpers.ts';
import { startWasm } from '../../../client/trainer/backends/start-wasm.ts';
import { registerWasmTrainingKernels } from '../../../client/trainer/kernels/wasm/register-wasm-kernels.ts';
import { makeHelpersBy } from '../../../client/trainer/threads/helper-thread.ts';
import { casesOf } from '../../support/kernel-cases.ts';

const groups = casesOf('wasm');
let onOne: Uint8Array[][];

/** What each case of the group makes, byte by byte. */
const computeGroup = (group: (typeof groups)[number]): Uint8Array[] =>
  group.cases.flatMap(({ compute }) =>
    tf.tidy(() => compute().map(tensor => new Uint8Array(tensor.dataSync().buffer))),
  );

async function startThreads(threads: number): Promise<void> {
  expect(await startWasm({ backend: 'wasm', threads })).toMatchObject({ threads, note: null });
  await tf.setBackend('wasm');
}

beforeAll(async () => {
  makeHelpersBy(startNodeHelper);
  registerWasmTrainingKernels();
  await startThreads(1);
  onOne = groups.map(computeGroup);
  await startThreads(3);
}, 60_000);

describe.each(groups.map((group, i) => ({ name: group.name, group, i })))('$name', ({ group, i }) => {
  it('makes the same bytes on three threads as on one', () => {
    const onThree = computeGroup(group);
    const different = onThree.flatMap((bytes, j) => (isSame(bytes, onOne[i]?.[j]) ? [] : [j]));
    expect(different).toEqual([]);
    expect(onThree).toHaveLength(onOne[i]?.length ?? 0);
  });
});

const isSame = (a: Uint8Array, b: Uint8Array | undefined): boolean =>
  b !== undefined && Buffer.compare(a, b) === 0;
