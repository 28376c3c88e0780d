import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { joinCommand } from '../../../client/headless/commands/join-command.ts';
import { HomeroomClient } from '../../../client/platform/homeroom-client.ts';
import { timeLimits } from '../../../client/platform/time-limits.ts';
import { BlobSource } from '../../../client/volunteer/blob-source.ts';
import { asLeaseFailure, FailureBackoff, reasonOf } from '../../../client/volunteer/failure-backoff.ts';
import { prepareJob } from '../../../client/volunteer/prepare-job.ts';
import {
  claimedWork,
  defaultWorkLimits,
  requireAgreed,
  TooMuchWorkError,
  whyOvertaxed,
} from '../../../client/volunteer/work-limits.ts';
import { planTasks } from '../../../shared/plan/plan-tasks.ts';
import type { Lease } from '../../../shared/protocol/lease.ts';
import { leaseSchema } from '../../../shared/protocol/lease.ts';
import { type RunInfo, runInfoSchema } from '../../../shared/protocol/messages.ts';
import { emptyView } from '../../../shared/view/empty-view.ts';
import { MemoryStore } from '../../support/memory-store.ts';
import { createTinyModel } from '../../support/tiny-model.ts';
import { tinyRequest } from '../../support/tiny-run.ts';

const model = createTinyModel();

function infoOf(epochs = 1): RunInfo {
  const { spec, model: outline } = tinyRequest({ model, spec: { plan: { name: 'conventional', epochs } } });
  return runInfoSchema.parse({ run: 'abcdef', spec, model: outline, needsCode: false, view: emptyView() });
}

/** A lease of the first two parts, of ten pictures each. */
function leaseOf({ spec, model: outline }: RunInfo): Lease {
  const [task] = planTasks(spec, outline, 1);
  return leaseSchema.parse({
    ...{ id: 'lease1', token: '', round: 1, version: 0, task, split: 'train', parts: [0, 1] },
    // A message may say anything of them.
    ...{ examples: 1, deadlineMs: 60_000, seed: 1, byteAllowance: 1_000 },
    segments: Object.fromEntries(
      outline.segments.map(({ id, topology }) => [id, { topology, shards: model.shards[id] }]),
    ),
  });
}

const limits = { minutes: 1, downloadMB: 1 };

describe('[WORK1] what a lease claims', () => {
  it('counts the pictures of its parts and every epoch, whatever the message says of examples', () => {
    const once = claimedWork(infoOf(), leaseOf(infoOf()), 1_000);
    // Two segments of 60 multiply-accumulates, three passes, twenty pictures, at a thousand a second.
    expect(once.seconds).toBe((2 * 60 * 3 * 20) / 1_000);
    const often = claimedWork(infoOf(50), leaseOf(infoOf(50)), 1_000);
    expect(often.seconds).toBe(50 * (once.seconds ?? 0));
  });

  it('counts no time on a device that has not told its speed', () => {
    expect(claimedWork(infoOf(), leaseOf(infoOf()), 0).seconds).toBeNull();
  });

  it('counts the bytes of weights that the outline has, however few the lease names', () => {
    const lease = leaseOf(infoOf());
    const silent = Object.fromEntries(
      Object.entries(lease.segments).map(([id, files]) => [id, { ...files, shards: [] }]),
    );
    const { bytes } = claimedWork(infoOf(), { ...lease, segments: silent }, 0);
    expect(bytes).toBeGreaterThan(0);
    expect(claimedWork(infoOf(), lease, 0).bytes).toBeGreaterThanOrEqual(bytes);
  });

  it('is refused in words if it is beyond the limits, and at them it is not', () => {
    expect(() => requireAgreed({ seconds: 60, bytes: 1e6 }, limits)).not.toThrow();
    expect(() => requireAgreed({ seconds: 2_400, bytes: 0 }, limits)).toThrow(
      'the task would take about 40 minutes here, and this device agreed to 1',
    );
    expect(() => requireAgreed({ seconds: null, bytes: 7e8 }, defaultWorkLimits)).toThrow(
      'the task has 700 MB of weights and data to download, and this device agreed to 500 MB',
    );
    expect(() => requireAgreed({ seconds: 1e300, bytes: 0 }, limits)).toThrow('about 1.7e+298 minutes');
  });

  it('is refused too if more bytes come than were named', async () => {
    const info = infoOf();
    const lease = leaseOf(info);
    const cache = new MemoryStore();
    for (const { sha256, bytes } of model.blobs) await cache.put(sha256, bytes);
    await cache.put(lease.segments['segment-1']?.topology ?? '', new Uint8Array(1_000_001));
    const blobs = new BlobSource(new HomeroomClient('http://nobody'), cache, new AbortController().signal);
    const prepared = prepareJob(info, lease, blobs, { memoryMB: 0, workLimits: limits });
    await expect(prepared).rejects.toThrow(/MB of weights and data to download/);
  });
});

it('the command agrees to as much as the page does, unless it is told otherwise', () => {
  const command = joinCommand(new Command());
  expect(command.opts()).toMatchObject({
    mostMinutes: defaultWorkLimits.minutes,
    mostDownload: defaultWorkLimits.downloadMB,
  });
  expect(command.helpInformation()).toContain('(default: 500)');
});

describe('[WORK2] a training that is measured as it goes', () => {
  const why = (seconds: number | null, elapsedMs: number, progress: number): string | undefined =>
    whyOvertaxed({ seconds }, limits, elapsedMs, progress)?.message;

  it('is stopped once it has taken the agreed minutes', () => {
    expect(why(null, 59_999, 0.6)).toBeUndefined();
    expect(why(null, 60_000, 0.9)).toContain('about 1.1 minutes here, and this device agreed to 1');
  });

  it('is stopped as soon as it shows that it would take more than twice as long', () => {
    expect(why(30, 9_999, 0.01)).toBeUndefined();
    expect(why(30, 10_000, 0.01)).toContain('about 17 minutes here');
    expect(why(30, 10_000, 0.09)).toBeUndefined();
  });

  it('is stopped if it takes far longer than the run claims, unless that is harmless', () => {
    expect(why(2, 20_000, 0.25)).toContain('1.3 minutes here, 40 times as long as the run says');
    expect(why(2, 20_000, 0.5)).toBeUndefined();
    expect(why(10, 20_000, 0.25)).toBeUndefined();
  });
});

describe('[WORK3] whoever gave back a lease that asks for too much', () => {
  it('rests ever longer and never ends, and begins anew after a lease that was done', () => {
    const failure = asLeaseFailure(new TooMuchWorkError('the task would take about 40 minutes here'));
    expect(reasonOf(failure)).toBe('the task would take about 40 minutes here');
    const backoff = new FailureBackoff(timeLimits.callRetry);
    const rests = Array.from({ length: 12 }, () => backoff.restAfter(failure, 0.5));
    expect(rests[0]).toBe(1_500);
    expect(rests[1]).toBe(3_000);
    expect(rests.at(-1)).toBe(225_000);
    backoff.forget();
    expect(backoff.restAfter(failure, 0.5)).toBe(1_500);
  });
});
