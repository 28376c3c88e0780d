import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { installWebgpu } from '../../client/headless/trainer-thread/node-webgpu.ts';
import { BackendLostError, OutOfMemoryError } from '../../client/trainer/backends/backend-errors.ts';
import { wrongAnswer } from '../../client/trainer/backends/known-answer.ts';
import { backendFailure, restartBackend, startBackend } from '../../client/trainer/backends/start-backend.ts';
import { freeUnusedBuffers } from '../../client/trainer/backends/start-webgpu.ts';
import { findVulkan, isGraphicsCard } from '../support/vulkan.ts';

interface WebGPUMemoryInfo {
  readonly numBytesAllocatedInGPU: number;
}

const noVulkan = findVulkan();

describe.skipIf(noVulkan)('a WebGPU device', () => {
  beforeAll(async () => {
    expect(await installWebgpu()).toBeNull();
  });

  it('is what `auto` takes if it is a graphics card’s, and passes over if it is the processor’s', async () => {
    const backend = isGraphicsCard() ? 'webgpu' : 'wasm';
    expect(await startBackend({ backend: 'auto' })).toMatchObject({ backend });
  });

  it('starts if it is asked for, and has the known answers', async () => {
    expect(await startBackend({ backend: 'webgpu' })).toMatchObject({ backend: 'webgpu', note: null });
    expect(backendFailure()).toBeNull();
  });

  it('reports a tensor that is larger than it takes, and goes on with smaller ones', async () => {
    const { maxBufferSize } = (tf.backend() as WebGPUBackend).device.limits;
    const large = tf.fill([maxBufferSize / 4 + 1], 1);
    const thrown = await tf
      .tidy(() => tf.sum(large))
      .data()
      .then(
        () => null,
        error => error,
      );
    large.dispose();
    expect(backendFailure(thrown)).toBeInstanceOf(OutOfMemoryError);
    expect(await wrongAnswer()).toBeNull();
    expect(backendFailure()).toBeNull();
  });

  it('gives back the memory that no tensor uses, and keeps what a tensor uses', async () => {
    const kept = tf.fill([1_000], 3);
    tf.fill([1_000_003], 1).dispose();
    expect(Array.from((await kept.data()).slice(0, 2))).toEqual([3, 3]);
    const bytes = (): number => (tf.memory() as unknown as WebGPUMemoryInfo).numBytesAllocatedInGPU;
    const before = bytes();
    freeUnusedBuffers();
    expect(bytes()).toBeLessThanOrEqual(before - 4 * 1_000_003);
    const twice = tf.add(kept, kept);
    expect(Array.from((await twice.data()).slice(0, 2))).toEqual([6, 6]);
    tf.dispose([kept, twice]);
    expect(backendFailure()).toBeNull();
  });

  it('that is lost is reported, and the next backend takes over and has the known answers', async () => {
    (tf.backend() as WebGPUBackend).device.destroy();
    const thrown = await wrongAnswer().catch(error => error);
    expect(thrown).not.toBeNull();
    const failure = backendFailure(thrown);
    expect(failure).toBeInstanceOf(BackendLostError);
    const info = await restartBackend('webgpu', failure?.message ?? '');
    expect(info.backend).toBe('wasm');
    expect(info.note).toMatch(/^webgpu failed \(the graphics device failed: .*\); training on wasm$/);
    expect(await wrongAnswer()).toBeNull();
  });

  it('can be had again after one was lost', async () => {
    expect(await startBackend({ backend: 'webgpu' })).toMatchObject({ backend: 'webgpu', note: null });
  });

  it('lets go of its memory when another backend takes over', async () => {
    const { device } = tf.backend() as WebGPUBackend;
    expect(await restartBackend('webgpu', 'a shader did not compile')).toMatchObject({ backend: 'wasm' });
    expect((await device.lost).reason).toBe('destroyed');
    expect(backendFailure()).toBeNull();
  });
});
