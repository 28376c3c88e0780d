import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldCohorts } from '../../../shared/cohort/fold-cohorts.ts';
import { trainedSegments } from '../../../shared/cohort/trained-segments.ts';
import { foldRequestOf, pendingFolds } from '../../../shared/federation/round/fold-order.ts';
import type { FoldingRound } from '../../../shared/federation/round/round-state.ts';
import { planTasks } from '../../../shared/plan/plan-tasks.ts';
import { aggregationNames, comparesUpdates } from '../../../shared/protocol/aggregation-spec.ts';
import { codecNames } from '../../../shared/protocol/codec-spec.ts';
import type { FoldedRole } from '../../../shared/protocol/cohort-report.ts';
import type { Role } from '../../../shared/protocol/identifiers.ts';
import type { Manifest } from '../../../shared/protocol/model-outline.ts';
import type { RunConfig } from '../../../shared/protocol/run-config.ts';
import { propertyRuns } from '../../support/extent.ts';
import { MemoryBlobs } from '../../support/memory-blobs.ts';
import { MemorySums } from '../../support/memory-sums.ts';
import { sliceableModel } from '../../support/sliceable-model.ts';
import { createTinyModel, type TinyModel } from '../../support/tiny-model.ts';
import { smallSpec } from '../federation/small-run.ts';
import { type SentUpdate, TestCohort } from './test-cohort.ts';

/** The rules for which a role may have several cohorts. */
const onePass = aggregationNames.filter(
  name => !comparesUpdates({ aggregation: name, robust: { bucket: 1 } }),
);

/** An update of a round. Its place in the list says whose it is. */
interface Sent {
  readonly role: number;
  readonly cohort: number;
  readonly size: number;
  readonly examples: number;
}

/** The cohorts of a run, as many of each role as there are, and the volunteers who send to them. */
class Federation {
  readonly sums = new MemorySums();
  manifest: Manifest;
  private readonly config: RunConfig;
  private readonly count: number;
  private readonly isForgetful: boolean;
  private readonly blobs = new MemoryBlobs();
  private readonly cohorts = new Map<string, TestCohort>();
  /** Calls of cohorts until one of them fails, before it has done what it was asked or after. */
  failing: { calls: number; readonly isLate: boolean } | null = null;

  /** What the volunteers send. Another federation is sent the same. */
  private readonly made: Map<string, SentUpdate>;

  constructor(
    config: RunConfig,
    model: TinyModel,
    count: number,
    isForgetful: boolean,
    made = new Map<string, SentUpdate>(),
  ) {
    this.made = made;
    this.config = config;
    this.count = count;
    this.isForgetful = isForgetful;
    for (const { bytes } of model.blobs) this.blobs.keep(bytes);
    const segments = Object.entries(model.shards).map(([id, shards]) => [
      id,
      { version: 0, shards: [...shards] },
    ]);
    this.manifest = { version: 0, segments: Object.fromEntries(segments) };
  }

  /** Takes a round's updates and folds it as a coordinator asks for it. */
  async round(number: number, updates: readonly Sent[]): Promise<FoldingRound['folded']> {
    const roles = planTasks(this.config.spec, this.config.model, number).map(({ role }) => role);
    for (const [i, sent] of updates.entries()) {
      const role = roles[sent.role % roles.length];
      if (role) this.send(role, number, `v${i}`, sent);
    }
    const goals = Object.fromEntries(roles.map(role => [role, 1]));
    let round: FoldingRound = { status: 'folding', number, served: {}, goals, folded: {} };
    const pending = () => pendingFolds(this.config, { phase: 'open', round });
    for (let [role] = pending(); role; [role] = pending())
      round = { ...round, folded: { ...round.folded, [role]: await this.fold(role, round) } };
    this.publish(Object.values(round.folded).flatMap(fold => fold ?? []));
    return round.folded;
  }

  private send(role: Role, round: number, volunteer: string, { cohort, size, examples }: Sent): void {
    const claims = { ...this.of(role, cohort % this.count).claims(volunteer, round, []), examples };
    const trains = [...trainedSegments(this.config, round, role)];
    const change = (tensor: string, i: number) =>
      tensor.includes('variance') ? Math.abs(size) : size * ((i % 11) - 5);
    const taken = this.of(role, cohort % this.count).send({ ...claims, trains }, change, this.made);
    expect(taken.ok).toBe(true);
  }

  private fold(role: Role, round: FoldingRound): Promise<FoldedRole> {
    const all = (ids: readonly string[]) => Object.fromEntries(ids.map(id => [id, 10_000]));
    const asked = foldRequestOf(this.config, { round, manifest: this.manifest }, role, all);
    // [PUB5] Several cohorts average statistics. One does so if it is asked to.
    const request = { ...asked, statistics: 'mean' as const };
    const member = (number: number) => ({
      close: () => this.call(async () => this.of(role, number).closed(round.number)),
      fold: (asked: typeof request) =>
        this.call(() => {
          this.of(role, number).close(round.number);
          return this.of(role, number).foldAs(asked);
        }),
    });
    const others = Array.from({ length: this.count - 1 }, (_, i) => member(i + 1));
    const trains = trainedSegments(this.config, round.number, role);
    const fold = () => foldCohorts([member(0), ...others], request, trains);
    return this.failing ? fold().catch(fold) : fold();
  }

  private async call<T>(work: () => Promise<T>): Promise<T> {
    const { failing } = this;
    const fails = failing !== null && failing.calls-- === 0;
    if (fails && !failing.isLate) throw new Error('evicted');
    const done = await work();
    if (fails) throw new Error('evicted');
    return done;
  }

  private of(role: Role, number: number): TestCohort {
    const name = `${role}/${number}`;
    const cohort = this.cohorts.get(name) ?? new TestCohort(this.config, role, this.blobs, this.sums, number);
    this.cohorts.set(name, cohort);
    if (this.isForgetful) cohort.evict();
    return cohort;
  }

  private publish(folds: readonly FoldedRole[]): void {
    const segments = { ...this.manifest.segments };
    const version = this.manifest.version + 1;
    for (const fold of folds)
      for (const [id, shards] of Object.entries(fold.segments))
        segments[id] = { version, shards: [...shards], ...slotsOf(fold, id) };
    this.manifest = { version, segments };
  }
}

const slotsOf = ({ slots }: FoldedRole, id: string) =>
  slots?.[id]
    ? { slots: Object.fromEntries(Object.entries(slots[id]).map(([name, files]) => [name, [...files]])) }
    : {};

const small = createTinyModel([30, 40], { hasNorm: true });
/** Of several shards, and of one. */
const [large, sliceable] = [
  createTinyModel([420, 640], { hasNorm: true }),
  sliceableModel([420, 640], [7, 8]),
];
const plans = [
  ['whole networks', { name: 'conventional' }, small],
  ['a student and a teacher', { name: 'layer-to-layer' }, small],
  ['shared segments', { name: 'depth-federated' }, large],
  ['a drift that is corrected', { name: 'depth-federated', correction: 0.1 }, small],
  ['a moving average', { name: 'momentum-auxiliary' }, createTinyModel([30, 40], { decay: 0.995 })],
  ['nested slices', { name: 'sub-networks' }, sliceable],
  [
    'slices apart',
    { name: 'sub-networks', slicing: 'disjoint', slices: 2 },
    sliceableModel([14, 16], [7, 8]),
  ],
] as const;

const anyUpdate = fc.record({
  role: fc.nat(3),
  cohort: fc.nat(3),
  size: fc.float({ min: -1, max: 1, noNaN: true }),
  examples: fc.integer({ min: 1, max: 1_000 }),
});

/** Of the networks of several shards they are smaller: each update has a megabyte. */
const anyRounds = (model: TinyModel) =>
  model === large || model === sliceable
    ? fc.array(fc.array(anyUpdate, { maxLength: 4 }), { minLength: 2, maxLength: 2 })
    : fc.array(fc.array(anyUpdate, { maxLength: 6 }), { minLength: 2, maxLength: 3 });

describe.each(plans)('[ROUND9] several cohorts of a role, with %s', (_, plan, model) => {
  it.each(onePass.flatMap(aggregation => codecNames.map(codec => [aggregation, codec] as const)))(
    'publish the bytes of one cohort, by the %s of %s updates',
    async (aggregation, codec) => {
      const spec = smallSpec({ plan, aggregation, codec: { name: codec } });
      const config = { spec, model: model.outline };
      await fc.assert(
        fc.asyncProperty(
          anyRounds(model),
          fc.integer({ min: 2, max: 4 }),
          fc.boolean(),
          async (sent, count, isForgetful) => {
            const made = new Map<string, SentUpdate>();
            const one = new Federation(config, model, 1, false, made);
            const several = new Federation(config, model, count, isForgetful, made);
            for (const [i, updates] of sent.entries()) {
              const [a, b] = [await one.round(i + 1, updates), await several.round(i + 1, updates)];
              expect(b).toEqual(a);
              expect(several.manifest).toEqual(one.manifest);
            }
            expect(several.sums.size, 'what was handed is gone').toBe(0);
          },
        ),
        { numRuns: propertyRuns(3) },
      );
    },
  );
});

it.each([false, true])(
  '[ROUND8] [ROUND9] a cohort that fails at any call of the fold, its work done: %s, is asked again, and the bytes are the same',
  async isLate => {
    const config = {
      spec: smallSpec({ plan: { name: 'conventional' }, aggregation: 'clipped-mean' }),
      model: small.outline,
    };
    const rounds = [1, 2].map(round =>
      [0, 1, 2, 1].map((cohort, i) => ({ role: 0, cohort, size: (i - round) / 8, examples: 10 + i })),
    );
    const plain = new Federation(config, small, 1, false);
    const expected = [];
    for (const [i, updates] of rounds.entries()) expected.push(await plain.round(i + 1, updates));
    // Three close the round, two sum, one publishes; in two rounds.
    for (let calls = 0; calls < 12; calls++) {
      const failing = new Federation(config, small, 3, true);
      failing.failing = { calls, isLate };
      for (const [i, updates] of rounds.entries())
        expect(await failing.round(i + 1, updates)).toEqual(expected[i]);
      expect(failing.failing.calls, 'the call was made').toBeLessThan(0);
      expect(failing.sums.size).toBe(0);
    }
  },
);
