import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../../../client/trainer/backends/start-backend.ts';
import { createTrainer } from '../../../../client/trainer/create-trainer.ts';
import { SegmentModels } from '../../../../client/trainer/models/segment-models.ts';
import { readShards } from '../../../../shared/codec/shard-layout.ts';
import { planTasks } from '../../../../shared/plan/plan-tasks.ts';
import { type BenchData, loadData } from '../../../bench/learning/bench-data.ts';
import { buildFor, filesOf } from '../../../bench/learning/bench-model.ts';
import { specFor } from '../../../bench/learning/bench-spec.ts';
import { ExampleStream } from '../../../bench/learning/example-stream.ts';
import { followAverages } from '../../../bench/learning/follow-averages.ts';
import type { Arm, LearningRun } from '../../../bench/learning/learning-run.ts';
import type { Outcome, RunProgress } from '../../../bench/learning/outcome.ts';
import { WorkPlanner } from '../../../bench/learning/plan-work.ts';
import { runAlone } from '../../../bench/learning/run-alone.ts';
import { runFederated } from '../../../bench/learning/run-federated.ts';
import { PLANS, tinyRuns } from './tiny-runs.ts';

let data: BenchData;
beforeAll(async () => {
  await startBackend({ backend: 'wasm' });
  data = await loadData('glyphs', 200, 'dev');
});

describe('a bench alone', () => {
  it('trains every plan within the same budget, the same again from the same seed, and leaves no tensor', async () => {
    const outcomes: Outcome[] = [];
    const before = tf.memory().numTensors;
    for (const run of tinyRuns()) outcomes.push(await runAlone(run, data));
    expect(tf.memory().numTensors).toBe(before);
    expect(outcomes).toHaveLength(6);
    const budget = outcomes[0]?.macs ?? 0;
    for (const { accuracy, macs, rounds } of outcomes) {
      expect(accuracy).toBeGreaterThan(0.02);
      expect(accuracy).toBeLessThan(1);
      expect(macs).toBeLessThanOrEqual(budget);
      expect(macs).toBeGreaterThan(budget / 2);
      expect(rounds).toBeGreaterThan(1);
    }
    const [first] = tinyRuns();
    const again = first && (await runAlone(first, data));
    expect({ ...again, seconds: 0 }).toEqual({ ...outcomes[0], seconds: 0 });
    expect(outcomes[3]?.loss).not.toBe(outcomes[0]?.loss);
  });

  it('learns: the loss falls, and the share goes to one', async () => {
    const [run] = tinyRuns({ budget: '8', plans: 'conventional' });
    const seen: RunProgress[] = [];
    if (run) await runAlone(run, data, progress => void seen.push(progress));
    expect(seen).toHaveLength(32);
    expect(seen.at(-1)?.share).toBe(1);
    expect(seen.at(-1)?.loss).toBeLessThan((seen[0]?.loss ?? 0) - 0.3);
  });

  it('tells the peak of each role without what the others hold', async () => {
    const [run] = tinyRuns({ plans: 'layer-to-layer' });
    const outcome = run && (await runAlone(run, data));
    const crowd = tf.zeros([1_000_000]);
    const again = run && (await runAlone(run, data));
    crowd.dispose();
    expect(again?.peakMemoryMBByRole).toEqual(outcome?.peakMemoryMBByRole);
    const { student = 0, teacher = 0 } = outcome?.peakMemoryMBByRole ?? {};
    expect(student).toBeGreaterThan(teacher);
    expect(teacher).toBeGreaterThan(0);
  });

  it('ends a run whose loss is no number any more', async () => {
    const before = tf.memory().numTensors;
    const [run] = tinyRuns({ models: 'cnn-5', plans: 'conventional:rate=10', batch: '4' });
    await expect(run && runAlone(run, data)).rejects.toThrow(/^diverged in round \d+ of \d+$/);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('knows beforehand what each run costs', async () => {
    const plans = `${PLANS},depth-federated`;
    const planner = new WorkPlanner();
    for (const run of tinyRuns({ plans, seeds: '1,' }))
      expect((await runAlone(run, data)).macs).toBe((await planner.plan(run, data.train)).macs);
  });

  it('tells before any run which plan its model does not serve, and what a cut that is none is', async () => {
    const [grown] = tinyRuns({ plans: 'growing-together:growAt=0.5,freezeAt=0.1' });
    const [cut] = tinyRuns({ plans: 'growing-together:cut=nowhere' });
    if (!grown || !cut) throw new Error('no runs');
    const planner = new WorkPlanner();
    await expect(planner.plan(grown, data.train)).rejects.toThrow('cnn-tiny by growing-together');
    await expect(planner.plan(cut, data.train)).rejects.toThrow('nowhere');
  });
});

describe('what plans that are compared have in common', () => {
  it('is every weight of the body at the start, whatever the heads and the cut', async () => {
    const arms: Partial<Arm>[] = [{}, { heads: 'dense' }, { cuts: ['pool2'] }, { heads: 'convolutional' }];
    const [run] = tinyRuns({ plans: 'growing-together' });
    const bodies = await Promise.all(arms.map(async arm => run && (await bodyOf({ ...run, ...arm }))));
    expect(bodies[0]?.size).toBeGreaterThan(3);
    for (const body of bodies) expect(body).toEqual(bodies[0]);
  });

  it('is the order of the pictures', () => {
    const [a, b, other] = [1, 1, 2].map(seed => new ExampleStream(data.train, seed));
    const taken = (stream: ExampleStream | undefined) =>
      [...Array(6)].map(() => stream?.next(75).labels.join(''));
    const order = taken(a);
    expect(taken(b)).toEqual(order);
    expect(taken(other)).not.toEqual(order);
  });

  it('is a pass over all of them before any comes again', () => {
    const stream = new ExampleStream(data.train, 1);
    const labels = [stream.next(120), stream.next(80)].flatMap(examples => [...examples.labels]);
    expect(labels.toSorted()).toEqual([...data.train.labels].toSorted());
  });

  it('is a development split that none of them trains on', () => {
    const pictures = ({ labels, pixels }: BenchData['train']) =>
      [...labels].map((_, i) => pixels.subarray(i * 784, (i + 1) * 784).join());
    const trained = new Set(pictures(data.train));
    expect(pictures(data.held).filter(picture => trained.has(picture))).toEqual([]);
    expect(data.held.labels).toHaveLength(2_000);
  });
});

describe('a federated bench', () => {
  it('trains volunteers on the real machine, and counts what each sends and fetches', async () => {
    const trainer = createTrainer();
    await trainer.start({ backend: 'wasm' });
    const flags = { federated: true, volunteers: '2', partition: 'dirichlet:1', seeds: '1,' };
    const outcomes: Outcome[] = [];
    for (const run of tinyRuns(flags))
      if (run.federated) outcomes.push(await runFederated(run, run.federated, data, trainer));
    const [whole, , split] = outcomes;
    for (const { accuracy, uploadMB, downloadMB } of outcomes) {
      expect(accuracy).toBeGreaterThan(0.02);
      expect(uploadMB).toBeGreaterThan(0);
      expect(downloadMB).toBeGreaterThan(uploadMB);
    }
    // 200 pictures four times over by two volunteers, 50 a lease.
    expect(whole?.rounds).toBe(8);
    expect(whole?.peakMemoryMBByRole).toHaveProperty('whole');
    expect(Object.keys(split?.peakMemoryMBByRole ?? {}).toSorted()).toEqual(['student', 'teacher']);
  });

  it('moves the averages that a plan has, alone and federated', async () => {
    const plans = 'momentum-auxiliary';
    const [alone] = tinyRuns({ plans });
    const [federated] = tinyRuns({ plans, federated: true, volunteers: '2' });
    const trainer = createTrainer();
    await trainer.start({ backend: 'wasm' });
    if (!alone || !federated?.federated) throw new Error('no runs');
    const outcomes = [
      await runAlone(alone, data),
      await runFederated(federated, federated.federated, data, trainer),
    ];
    for (const { accuracy, rounds } of outcomes) {
      expect(accuracy).toBeGreaterThan(0.02);
      expect(rounds).toBeGreaterThan(1);
    }
  });

  it('is the same again from the same seed', async () => {
    const trainer = createTrainer();
    await trainer.start({ backend: 'wasm' });
    const [run] = tinyRuns({ federated: true, volunteers: '3', plans: 'conventional', budget: '2' });
    if (!run?.federated) throw new Error('not federated');
    const first = await runFederated(run, run.federated, data, trainer);
    const again = await runFederated(run, run.federated, data, trainer);
    const { accuracy, loss, macs, downloadMB, exits } = first;
    expect(again).toMatchObject({ accuracy, loss, macs, downloadMB, exits });
    // Metrics tell the time that training took: a few digits more or less.
    expect(again.uploadMB).toBeCloseTo(first.uploadMB, 4);
  });
});

describe('an average', () => {
  it('keeps its decay once a step of a lease, and takes the rest from the weights it follows', async () => {
    const [run] = tinyRuns({ plans: 'momentum-auxiliary:turns=together' });
    if (!run) throw new Error('no run');
    const built = await buildFor(run, data.train, 1);
    const { outline } = built;
    const models = new SegmentModels();
    const loaded = await models.loadAll(filesOf(built));
    const followed = loaded['segment-2']?.variables[0];
    const average = loaded['average-1']?.variables[0];
    const decay = outline.segments.find(({ id }) => id === 'average-1')?.decay ?? 0;
    if (!followed || !average) throw new Error('no average');
    tf.tidy(() => {
      average.assign(tf.onesLike(average));
      followed.assign(tf.fill(followed.shape, 3));
    });
    const [task] = planTasks(specFor(run, outline, data.train), outline, 1);
    // 50 examples in batches of 32: two steps.
    if (task) followAverages(outline, task, loaded, { batch: 32, examples: 50 });
    expect((await average.data())[0]).toBeCloseTo(decay ** 2 + 3 * (1 - decay ** 2), 6);
    models.dispose();
  });
});

/** Every tensor of the body by name, over all its segments. */
async function bodyOf(run: LearningRun): Promise<Map<string, Float32Array>> {
  const built = await buildFor(run, data.train, run.seed);
  const body = built.outline.segments.filter(({ kind }) => kind === 'body');
  const files = filesOf(built);
  return new Map(
    body.flatMap(({ id }) => {
      const segment = files[id];
      const tensors = segment && readShards(segment.tensors, segment.shards);
      if (!tensors?.ok) throw new Error(`segment ${id} does not read`);
      return tensors.value.map(({ name, values }) => [name, values] as const);
    }),
  );
}
