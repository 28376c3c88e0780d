import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LeaseJob, LeaseResult, TrainerApi } from '../../../client/trainer/trainer-api.ts';
import { openEnvelope } from '../../../shared/codec/envelope.ts';
import { evaluationMetricsSchema } from '../../../shared/protocol/lease.ts';
import { evaluatorTask, leaseJob, startLocalTrainer, wholeTask } from '../../support/local-trainer.ts';

const MB = 1_000_000;

/** `(func (export "divide") (param i32 i32) (result i32) local.get 0 local.get 1 i32.div_s)` */
const DIVISION = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0],
  ...[1, 7, 1, 96, 2, 127, 127, 1, 127, 3, 2, 1, 0],
  ...[7, 10, 1, 6, 100, 105, 118, 105, 100, 101, 0, 0],
  ...[10, 9, 1, 7, 0, 32, 0, 32, 1, 109, 11],
);

/** Traps like a kernel that a lease makes divide by zero. */
function trap(): void {
  const { divide } = new WebAssembly.Instance(new WebAssembly.Module(DIVISION)).exports;
  (divide as (a: number, b: number) => number)(1, 0);
}

/** More than WebAssembly can address. */
const takeTooMuch = (): void => void (tf.backend() as BackendWasm).makeOutput([2 ** 31], 'float32');

/** Takes all memory. What is not written to takes no memory of the machine. */
function takeAll(): void {
  for (let bytes = 64 * MB; bytes >= 400; bytes = bytes / 10)
    for (let isLeft = true; isLeft; )
      try {
        (tf.backend() as BackendWasm).makeOutput([bytes / 4], 'float32');
      } catch {
        isLeft = false;
      }
}

describe('a lease that fails for a reason of its own', () => {
  let trainer: TrainerApi;
  let job: LeaseJob;
  let evaluation: LeaseJob;

  const expectFresh = ({ device, fallback }: LeaseResult): void => {
    expect(device).toMatchObject({ backend: 'wasm', threads: 1 });
    expect(device.macsPerSecond).toBeGreaterThan(0);
    expect(fallback).toBeUndefined();
  };

  beforeAll(async () => {
    const started = await startLocalTrainer();
    trainer = started.trainer;
    job = leaseJob(started.model, wholeTask);
    evaluation = leaseJob(started.model, evaluatorTask);
  });

  it('ends with that reason if a kernel traps, and the next one trains as if nothing had happened', async () => {
    await expect(trainer.work(job, trap)).rejects.toThrow('a kernel trapped: divide by zero');
    expectFresh(await trainer.work(job));
  });

  it('ends if there is no room for one example at once, and the next one keeps its backend', async () => {
    await expect(trainer.work({ ...job, microBatch: 1 }, takeTooMuch)).rejects.toThrow('out of memory');
    expectFresh(await trainer.work(job));
  });

  it('ends if there is no room for its network, and the next one has a memory of its own', async () => {
    takeAll();
    await expect(trainer.work(job)).rejects.toThrow('out of memory');
    expectFresh(await trainer.work(job));
  });

  it('is not an evaluation that has room for fewer examples at once, which says so', async () => {
    let left = 1;
    const result = await trainer.work(evaluation, () => left-- > 0 && takeTooMuch());
    const envelope = openEnvelope(result.envelope);
    if (!envelope.ok) throw new Error(envelope.reason);
    const { fallback, ...metrics } = evaluationMetricsSchema.parse(envelope.value.metrics);
    expect(metrics).toMatchObject({ backend: 'wasm', threads: 1 });
    expect(fallback).toMatch(/^out of memory: .*; 16 examples at once$/);
  });
});
