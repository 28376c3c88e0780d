import { describe, expect, it } from 'vitest';
import { microBatchInTime } from '../../../client/trainer/lease/micro-batch.ts';
import type { SegmentTopology } from '../../../client/trainer/trainer-api.ts';
import { teacherTask, wholeTask } from '../../support/local-trainer.ts';

const segment = (macs: number, tensor = 'conv/kernel', frozen?: true): SegmentTopology => ({
  topologyHash: '',
  topology: new Uint8Array(),
  tensors: [{ name: tensor, shape: [1], frozen }],
  macs,
  activations: 0,
});

const M = 1_000_000;
const oneThread = { backend: 'wasm', threads: 1 } as const;
const job = {
  task: wholeTask,
  batch: 32,
  segments: { 'segment-1': segment(15 * M), 'segment-2': segment(5 * M) },
};
const large = { ...job, segments: { 'segment-1': segment(60 * M), 'segment-2': segment(12 * M) } };

describe('a batch', () => {
  it('is done at once if that takes little time', () => {
    expect(microBatchInTime(job, oneThread)).toBe(32);
  });

  it('is done in halves, quarters, … if a cancel would wait too long', () => {
    expect(microBatchInTime(large, oneThread)).toBe(8);
    expect(microBatchInTime(large, { ...oneThread, threads: 2 })).toBe(16);
  });

  it('is done a few examples at once, even for a very large network', () => {
    const vast = { 'segment-1': segment(5_000 * M), 'segment-2': segment(0) };
    expect(microBatchInTime({ ...job, segments: vast }, oneThread)).toBe(4);
    expect(microBatchInTime({ ...job, batch: 2, segments: vast }, oneThread)).toBe(2);
  });

  it('is cut for the frozen segments too, which take more examples at once than the trained ones', () => {
    expect(microBatchInTime({ ...large, task: teacherTask }, oneThread)).toBe(8);
  });

  it('is not cut to save time on a graphics card, or if batch norm learns its statistics from it', () => {
    expect(microBatchInTime(large, { backend: 'webgpu', threads: 1 })).toBe(32);
    const segments = { ...large.segments, 'segment-2': segment(12 * M, 'norm/moving_variance') };
    expect(microBatchInTime({ ...large, segments }, oneThread)).toBe(32);
  });

  it('is cut if batch norm is frozen, since that takes no statistics from it', () => {
    const segments = { ...large.segments, 'segment-2': segment(12 * M, 'norm/moving_variance', true) };
    expect(microBatchInTime({ ...large, segments }, oneThread)).toBe(8);
  });
});
