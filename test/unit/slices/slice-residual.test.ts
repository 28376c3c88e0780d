import { expect, it } from 'vitest';
import { narrowResidual, widenResidual } from '../../../client/trainer/lease/slice-residual.ts';
import type { LeaseJob } from '../../../client/trainer/trainer-api.ts';
import type { ChannelSlices } from '../../../shared/protocol/channels.ts';
import { wholeTask } from '../../support/local-trainer.ts';

const slices: ChannelSlices = [
  {
    of: 3,
    spans: [
      { first: 0, count: 1 },
      { first: 2, count: 1 },
    ],
  },
];
const tensors = [{ name: 'kernel', shape: [2, 3], axes: [null, { spaces: [0] }] }];
const segment = {
  tensors,
  macs: 0,
  activations: 0,
  topologyHash: '',
  topology: new Uint8Array(),
  shards: [],
};
const sliced = { task: { ...wholeTask, slices }, segments: { 'segment-1': segment } };
const residualOf = (...values: number[]) => ({ 'segment-1': { kernel: Float32Array.from(values) } });
const job = (residual?: LeaseJob['residual']) => ({ ...sliced, ...(residual && { residual }) });

it('adds what was left at the weights of a slice, and keeps what is left at the others', () => {
  const before = residualOf(1, 2, 3, 4, 5, 6);
  expect(narrowResidual(job(before))).toEqual(residualOf(1, 3, 4, 6));
  expect(widenResidual(job(before), residualOf(10, 30, 40, 60))).toEqual(residualOf(10, 2, 30, 40, 5, 60));
});

it('begins with nothing left anywhere', () => {
  expect(narrowResidual(job())).toBeUndefined();
  expect(widenResidual(job(), residualOf(10, 30, 40, 60))).toEqual(residualOf(10, 0, 30, 40, 0, 60));
});

it('leaves residuals of the whole network alone', () => {
  const residual = residualOf(1, 2, 3, 4, 5, 6);
  const whole = { ...job(residual), task: wholeTask };
  expect(narrowResidual(whole)).toBe(residual);
  expect(widenResidual(whole, residual)).toBe(residual);
});
