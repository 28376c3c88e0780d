import { createTrainer } from '../../client/trainer/create-trainer.ts';
import type { BuiltModel, LeaseJob, SegmentFiles, TrainerApi } from '../../client/trainer/trainer-api.ts';
import type { GlyphsDataset } from '../../shared/protocol/dataset.ts';
import type { Schedule, Task, TrainedExit } from '../../shared/protocol/lease.ts';

/** A trainer in this thread on WASM, and the small CNN built for glyphs. */
export async function startLocalTrainer(): Promise<{ trainer: TrainerApi; model: BuiltModel }> {
  const trainer = createTrainer();
  await trainer.start({ backend: 'wasm' });
  const model = await trainer.build({ name: 'cnn', inputShape: [28, 28, 1], classes: 10, seed: 1 });
  return { trainer, model };
}

export const fewGlyphs: GlyphsDataset = {
  kind: 'glyphs',
  name: 'glyphs',
  seed: 5,
  trainParts: 2,
  testParts: 1,
  examplesPerPart: 96,
  partition: { kind: 'iid' },
};

/** Every segment of a built model as a volunteer would have downloaded it. */
export function segmentFiles({ outline, shards, blobs }: BuiltModel): Record<string, SegmentFiles> {
  const bytesOf = (sha256: string): Uint8Array => {
    const blob = blobs.find(candidate => candidate.sha256 === sha256);
    if (!blob) throw new Error(`no blob ${sha256}`);
    return blob.bytes;
  };
  return Object.fromEntries(
    outline.segments.map(({ id, topology, tensors, macs, activations, channels }) => [
      id,
      {
        topologyHash: topology,
        topology: bytesOf(topology),
        tensors,
        macs,
        activations,
        channels,
        shards: (shards[id] ?? []).map(shard => bytesOf(shard.sha256)),
      },
    ]),
  );
}

/** An answer that learns from the labels alone. */
export const exit = (after: string, ...through: string[]): TrainedExit => ({
  after,
  through,
  labelWeight: 1,
  distils: [],
});

/** A rate that stays what it is. */
export const constantRate = (rate: number): Schedule => ({ rate, from: 0, to: 0, ends: {} });

export const studentTask: Task = {
  role: 'student',
  frozen: [],
  views: 1,
  path: ['segment-1'],
  isolated: false,
  exits: [exit('segment-1', 'head-1')],
  trains: ['segment-1', 'head-1'],
  epochs: 1,
  schedule: constantRate(0.05),
};

export const teacherTask: Task = {
  ...studentTask,
  role: 'teacher',
  frozen: ['segment-1'],
  path: ['segment-2'],
  exits: [exit('segment-2')],
  trains: ['segment-2'],
};

export const wholeTask: Task = {
  ...teacherTask,
  role: 'whole',
  frozen: [],
  path: ['segment-1', 'segment-2'],
  trains: ['segment-1', 'segment-2'],
};

export const evaluatorTask: Task = { ...wholeTask, role: 'evaluator', trains: [] };

export const leaseJob = (model: BuiltModel, task: Task): LeaseJob => ({
  lease: 'lease1',
  task,
  segments: segmentFiles(model),
  examples: {
    kind: 'glyphs',
    dataset: fewGlyphs,
    split: task.role === 'evaluator' ? 'test' : 'train',
    parts: [0],
  },
  batch: 32,
  microBatch: 32,
  momentum: 0.9,
  weightDecay: 5e-4,
  augment: 'none',
  seed: 1,
  codec: { name: 'f32' },
  classes: 10,
  downloadBytes: 0,
});
