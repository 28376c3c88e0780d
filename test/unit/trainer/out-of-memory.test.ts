import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { openEnvelope } from '../../../shared/codec/envelope.ts';
import { trainingMetricsSchema } from '../../../shared/protocol/lease.ts';
import { leaseJob, startLocalTrainer, wholeTask } from '../../support/local-trainer.ts';

const MB = 1_000_000;
/** Enough for the model and the pictures, too little for all activations of a batch of 96. */
const ROOM_MB = 12;

/** Takes blocks of this size until there are no more. What is not written to takes no memory of the machine. */
function takeAll(backend: BackendWasm, bytes: number): tf.TensorInfo[] {
  const blocks: tf.TensorInfo[] = [];
  for (;;) {
    try {
      blocks.push(backend.makeOutput([bytes / 4], 'float32'));
    } catch {
      return blocks;
    }
  }
}

test('a lease that WebAssembly has no room for is done with fewer examples at once, and says so', async () => {
  const { trainer, model } = await startLocalTrainer();
  const backend = tf.backend() as BackendWasm;
  const free = (blocks: readonly tf.TensorInfo[]): void => {
    for (const { dataId } of blocks) backend.disposeData(dataId);
  };
  free(takeAll(backend, 64 * MB).slice(-1));
  free(takeAll(backend, MB).slice(-ROOM_MB));

  const result = await trainer.work({ ...leaseJob(model, wholeTask), batch: 96, microBatch: 96 });
  const envelope = openEnvelope(result.envelope);
  if (!envelope.ok) throw new Error(envelope.reason);
  const { batch, samples, backend: name, fallback } = trainingMetricsSchema.parse(envelope.value.metrics);
  expect({ samples, name }).toEqual({ samples: 96, name: 'wasm' });
  expect(batch).toBeLessThan(96);
  expect(fallback).toMatch(/^out of memory: .*; \d+ examples at once$/);
});
