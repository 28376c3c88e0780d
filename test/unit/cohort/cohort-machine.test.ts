import { beforeEach, describe, expect, it } from 'vitest';
import { decodeSafetensors } from '../../../shared/codec/safetensors.ts';
import { planTasks } from '../../../shared/plan/plan-tasks.ts';
import type { FoldedRole } from '../../../shared/protocol/cohort-report.ts';
import type { Manifest } from '../../../shared/protocol/model-outline.ts';
import type { RunConfig } from '../../../shared/protocol/run-config.ts';
import type { RunSpecInput } from '../../../shared/protocol/run-spec.ts';
import { MemoryBlobs } from '../../support/memory-blobs.ts';
import { type Change, createTinyModel, type TinyModel } from '../../support/tiny-model.ts';
import { tinyRequest } from '../../support/tiny-run.ts';
import { unwrap } from '../codec/arbitraries.ts';
import { TestCohort } from './test-cohort.ts';

const none = (): number => 0;
const quarter = (): number => 0.25;

/** A run, its blobs, and its version 0. */
function createRun(
  spec: Partial<RunSpecInput>,
  model: TinyModel = createTinyModel(),
  blobs: MemoryBlobs = new MemoryBlobs(),
) {
  const request = tinyRequest({ model, spec });
  const config: RunConfig = { spec: request.spec, model: model.outline };
  for (const { bytes } of model.blobs) blobs.keep(bytes);
  const segments = Object.entries(request.segments).map(([id, shards]) => [id, { version: 0, shards }]);
  const manifest: Manifest = { version: 0, segments: Object.fromEntries(segments) };
  return { config, blobs, manifest };
}

/** Blobs of which one call fails. */
class FailingBlobs extends MemoryBlobs {
  calls = 0;
  private readonly failing: number | null;

  constructor(failing: number | null) {
    super();
    this.failing = failing;
  }

  override async get(sha256: string): Promise<Uint8Array> {
    this.count();
    return super.get(sha256);
  }

  override async put(bytes: Uint8Array): Promise<{ sha256: string; bytes: number }> {
    this.count();
    return super.put(bytes);
  }

  private count(): void {
    if (this.calls++ === this.failing) throw new Error('the store does not respond');
  }
}

/** Two rounds of a rule with a memory, each fold asked again if it fails. */
async function foldTwice(failing: number | null, isEvicted: boolean) {
  const spec = { plan: { name: 'conventional' }, rounds: 9, aggregation: 'clipped-mean' } as const;
  const blobs = new FailingBlobs(failing);
  const { config, manifest } = createRun(spec, createTinyModel(), blobs);
  const cohort = new TestCohort(config, 'whole', blobs);
  const folds: FoldedRole[] = [];
  for (const round of [1, 2]) {
    const [task] = planTasks(config.spec, config.model, round);
    for (const [i, volunteer] of ['ada', 'bob'].entries())
      cohort.train(volunteer, round, task?.trains ?? [], () => (i + round) / 8);
    const again = (): Promise<FoldedRole> => {
      if (isEvicted) cohort.evict();
      return cohort.fold(round, manifest);
    };
    folds.push(await cohort.fold(round, manifest).catch(again));
  }
  return { folds, memory: cohort.log.memory(), calls: blobs.calls };
}

describe('a cohort', () => {
  const policy = { rounds: 'synchronous' as const };
  const { config, blobs, manifest } = createRun({ plan: { name: 'conventional' }, rounds: 9, policy });
  const [task] = planTasks(config.spec, config.model, 1);
  const trains = task?.trains ?? [];
  let cohort: TestCohort;
  beforeEach(() => {
    cohort = new TestCohort(config, 'whole', blobs);
  });
  const claims = (volunteer: string, round = 1) => cohort.claims(volunteer, round, trains);

  it('[ACC1] takes an update once', () => {
    expect(cohort.send(claims('ada'), none)).toMatchObject({ ok: true });
    expect(cohort.send(claims('ada'), none)).toMatchObject({ reason: 'duplicate' });
    expect(cohort.log.outbox.map(({ ok }) => ok)).toEqual([true, false]);
  });

  it('[ACC1] refuses as late what comes after its deadline, and as stale what comes after its round', () => {
    cohort.now = 60_001;
    expect(cohort.send(claims('ada'), none)).toMatchObject({ reason: 'late' });
    cohort.close(1);
    expect(cohort.send(claims('ada'), none)).toMatchObject({ reason: 'stale' });
    cohort.close(0);
    expect(cohort.send(claims('eve'), none), 'a round once closed stays closed').toMatchObject({
      reason: 'stale',
    });
  });

  it('[ACC1] takes nothing after the run has finished', () => {
    cohort.log.finish();
    expect(cohort.send(claims('ada'), none)).toMatchObject({ reason: 'run-not-open' });
  });

  it('[ACC2] takes one update a volunteer and round', () => {
    cohort.train('ada', 1, trains, none);
    const second = { ...claims('ada'), lease: 'anotherlease' };
    expect(cohort.send(second, none)).toMatchObject({ reason: 'duplicate' });
    cohort.train('ada', 2, trains, none);
  });

  it('[ACC2] takes a referee’s root update beside its other one, and one of each', () => {
    const spec = { ...config.spec, aggregation: 'fltrust' as const, root: { parts: 1 } };
    const compared = new TestCohort({ ...config, spec }, 'whole', blobs);
    const send = (lease: string, root: boolean) =>
      compared.send({ ...compared.claims('host', 1, trains, root), lease }, none);
    for (const root of [true, false]) {
      expect(send(`first${root}`, root)).toMatchObject({ ok: true });
      compared.evict();
      expect(send(`second${root}`, root)).toMatchObject({ reason: 'duplicate' });
    }
    expect(compared.log.countOf(1, 'host'), 'a root update is none of the two that may count').toBe(1);
  });

  it('[ACC2] is full after 512 updates of a round', () => {
    for (let i = 0; i < 512; i++) cohort.train(`volunteer${i}`, 1, trains, none);
    expect(cohort.send(claims('late'), none)).toMatchObject({ reason: 'busy' });
    cohort.train('late', 2, trains, none);
  });

  it('looks at the update only if its lease is open', () => {
    cohort.close(1);
    expect(cohort.send(claims('ada'), () => Number.NaN)).toMatchObject({ reason: 'stale' });
    expect(cohort.send(claims('ada', 2), () => Number.NaN)).toMatchObject({ reason: 'not-finite' });
  });

  it('writes down the first five refusals of a lease, and none of a lease that is forgotten', async () => {
    for (let i = 0; i < 8; i++) cohort.send(claims('eve'), () => Number.NaN);
    expect(cohort.log.outbox).toHaveLength(5);
    for (let round = 1; round <= 5; round++) {
      cohort.train('ada', round, trains, none);
      await cohort.fold(round, manifest);
    }
    const before = cohort.log.outbox.length;
    expect(cohort.send(claims('eve'), none)).toMatchObject({ reason: 'stale' });
    expect(cohort.log.outbox).toHaveLength(before);
  });

  it('folds a round once, and gives the same if it is asked again', async () => {
    cohort.train('ada', 1, trains, quarter);
    const first = await cohort.fold(1, manifest);
    cohort.evict();
    expect(await cohort.fold(1, manifest)).toEqual(first);
    expect(first.updates).toBe(1);
  });

  it('folds a round of no updates into nothing', async () => {
    expect(await cohort.fold(1, manifest)).toEqual({ updates: 0, segments: {} });
  });

  it('folds into the same after a failure of any blob that it reads or writes, evicted or not', async () => {
    const whole = await foldTwice(null, false);
    for (let call = 0; call < whole.calls; call++)
      for (const isEvicted of [false, true])
        expect(await foldTwice(call, isEvicted)).toMatchObject({ folds: whole.folds, memory: whole.memory });
    expect(whole.calls).toBeGreaterThan(4);
  });

  it('folds what an eviction left out of the running sums', async () => {
    const other = new TestCohort(config, 'whole', blobs);
    for (const [i, volunteer] of ['ada', 'bob', 'cleo'].entries()) {
      cohort.train(volunteer, 1, trains, () => i / 8);
      other.train(volunteer, 1, trains, () => i / 8);
      cohort.evict();
    }
    expect(await cohort.fold(1, manifest)).toEqual(await other.fold(1, manifest));
  });
});

describe('a clip', () => {
  it('is of updates that trained the same segments: a role whose task changes begins anew', async () => {
    const spec = {
      plan: { name: 'growing-together', growAt: 0.5 },
      rounds: 6,
      aggregation: 'clipped-mean',
    } as const;
    const { config, blobs, manifest } = createRun(spec, createTinyModel([3, 10], { hasMiddle: true }));
    const trainsIn = (round: number) => planTasks(config.spec, config.model, round)[0]?.trains ?? [];
    expect(trainsIn(2)).toEqual(trainsIn(1));
    expect(trainsIn(3), 'a segment joins').not.toEqual(trainsIn(2));
    const cohort = new TestCohort(config, 'student', blobs);
    for (const round of [1, 2]) {
      cohort.train('ada', round, trainsIn(round), () => 0.001);
      await cohort.fold(round, manifest);
    }
    const newcomer = new TestCohort(config, 'student', blobs);
    for (const one of [cohort, newcomer]) one.train('ada', 3, trainsIn(3), () => 0.5);
    expect(await cohort.fold(3, manifest)).toEqual(await newcomer.fold(3, manifest));
  });
});

type Tensors = Readonly<Record<string, readonly number[]>>;

/** The tensors of the teacher that a fold has published. */
async function publishedIn(blobs: MemoryBlobs, { segments }: FoldedRole): Promise<Tensors> {
  const files = await Promise.all((segments['segment-2'] ?? []).map(({ sha256 }) => blobs.get(sha256)));
  const tensors = files.flatMap(file => unwrap(decodeSafetensors(file)));
  return Object.fromEntries(tensors.map(({ name, values }) => [name, [...values]]));
}

describe('frozen tensors', () => {
  const spec = { plan: { name: 'conventional' }, rounds: 9 } as const;
  const frozen = ['s2/kernel', 'norm/moving_mean'];

  // A kernel of 300,000 values makes two shards, the first of which is frozen as a whole.
  it.each([
    [[3, 10], false],
    [[3, 10], true],
    [[30, 10_000], false],
  ])(
    '[PUB6] keep their values, and those between them move (kernel %j, evicted: %s)',
    async (kernel, isEvicted) => {
      const model = createTinyModel(kernel, { hasNorm: true, frozen });
      const { config, blobs, manifest } = createRun(spec, model);
      const cohort = new TestCohort(config, 'whole', blobs);
      const trains = planTasks(config.spec, config.model, 1)[0]?.trains ?? [];
      cohort.train('ada', 1, trains, tensor => (tensor === 'norm/moving_variance' ? 7 : 0.25));
      if (isEvicted) cohort.evict();
      const folded = await cohort.fold(1, manifest);
      const shards = folded.segments['segment-2'] ?? [];
      const before = Object.fromEntries(
        (model.weights['segment-2'] ?? []).map(({ name, values }) => [name, [...values]]),
      );
      const after = await publishedIn(blobs, folded);
      if (shards.length > 1) expect(shards[0]).toEqual(manifest.segments['segment-2']?.shards[0]);
      else expect(after['s2/kernel']).toEqual(before['s2/kernel']);
      expect(after['norm/moving_mean']).toEqual(before['norm/moving_mean']);
      expect(after['norm/moving_variance']).toEqual(Array(4).fill(7));
      expect(after['s2/bias']).toEqual(before['s2/bias']?.map(value => value + 0.25));
    },
  );
});

describe('statistics', () => {
  // As in runs of an older release.
  const robust = { statistics: 'mean' } as const;
  const spec = { plan: { name: 'conventional' }, rounds: 9, aggregation: 'clipped-mean', robust } as const;
  const model = createTinyModel([3, 10], { hasNorm: true });
  const { config, blobs, manifest } = createRun(spec, model);
  const [task] = planTasks(config.spec, config.model, 1);
  const trains = task?.trains ?? [];
  const isStatistic = (tensor: string): boolean => tensor.includes('moving');
  /** Weights change by this much, and batch norm has observed that. */
  const update =
    (weights: number, observed: number): Change =>
    tensor =>
      isStatistic(tensor) ? observed : weights;

  it.each([false, true])(
    '[PUB5] become their mean, and clip nothing that was learnt (evicted: %s)',
    async isEvicted => {
      const cohort = new TestCohort(config, 'whole', blobs);
      cohort.train('ada', 1, trains, update(0.25, 1));
      cohort.train('bob', 1, trains, update(0.25, 24_000));
      cohort.train('cleo', 1, trains, update(0.25, 0));
      if (isEvicted) cohort.evict();
      const tensors = await publishedIn(blobs, await cohort.fold(1, manifest));
      const mean = Math.fround(24_001 / 3);
      expect(tensors['norm/moving_mean']).toEqual(Array(4).fill(mean));
      expect(tensors['norm/moving_variance']).toEqual(Array(4).fill(mean));
      expect(Object.keys(tensors)).toEqual(model.outline.segments[2]?.tensors.map(({ name }) => name));
      expect(tensors['s2/bias']).toEqual(Array.from({ length: 10 }, (_, i) => ((i % 7) - 3) / 8 + 0.25));
    },
  );

  it('[PUB5] are not scaled with an update whose weights are clipped', async () => {
    const cohort = new TestCohort(config, 'whole', blobs);
    for (const [i, volunteer] of ['ada', 'bob', 'cleo'].entries())
      cohort.train(volunteer, 1, trains, update(i === 2 ? 50 : 0.5, i === 2 ? 9_000 : 0));
    const tensors = await publishedIn(blobs, await cohort.fold(1, manifest));
    expect(tensors['norm/moving_variance']).toEqual(Array(4).fill(3_000));
    expect(tensors['s2/bias']?.[3]).toBeCloseTo(0.5, 6);
  });

  it('[PUB5] of which nobody sent any stay as they were', async () => {
    const cohort = new TestCohort(config, 'whole', blobs);
    expect(await cohort.fold(1, manifest)).toEqual({ updates: 0, segments: {} });
  });
});
