import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readShards } from '../../../shared/codec/shard-layout.ts';
import { taskOf } from '../../../shared/cohort/trained-segments.ts';
import { slicePositions } from '../../../shared/math/slice-positions.ts';
import { checkPlan } from '../../../shared/plan/plan-tasks.ts';
import type { FoldedRole, HandedSums } from '../../../shared/protocol/cohort-report.ts';
import { elementsOf } from '../../../shared/protocol/elements-of.ts';
import type { Role } from '../../../shared/protocol/identifiers.ts';
import type { OutlineTensor } from '../../../shared/protocol/model-outline.ts';
import { segmentById } from '../../../shared/protocol/model-outline.ts';
import { spansOf } from '../../../shared/protocol/narrow-outline.ts';
import { planSpecSchema } from '../../../shared/protocol/plan-spec.ts';
import type { RunConfig } from '../../../shared/protocol/run-config.ts';
import { propertyRuns } from '../../support/extent.ts';
import { MemoryBlobs } from '../../support/memory-blobs.ts';
import { MemorySums } from '../../support/memory-sums.ts';
import { sliceableModel } from '../../support/sliceable-model.ts';
import type { TinyModel } from '../../support/tiny-model.ts';
import { smallSpec } from '../federation/small-run.ts';
import { TestCohort } from './test-cohort.ts';

const trains = ['segment-1', 'segment-2'];

/** The cohorts of a round of a plan, on the same blobs. */
class Roles {
  readonly blobs = new MemoryBlobs();
  readonly sums = new MemorySums();
  readonly config: RunConfig;
  private readonly model: TinyModel;
  private readonly cohorts = new Map<Role, TestCohort>();
  private readonly roles: readonly Role[];

  constructor(model: TinyModel, roles: readonly Role[], plan: object) {
    this.model = model;
    this.roles = roles;
    const spec = smallSpec({
      plan: planSpecSchema.parse({ name: 'sub-networks', ...plan }),
      aggregation: 'mean',
    });
    this.config = { spec: { ...spec, codec: { name: 'f32' } }, model: model.outline };
    for (const { bytes } of model.blobs) this.blobs.keep(bytes);
    for (const role of roles)
      this.cohorts.set(role, new TestCohort(this.config, role, this.blobs, this.sums));
  }

  of(role: Role): TestCohort {
    const cohort = this.cohorts.get(role);
    if (!cohort) throw new Error(`no ${role}`);
    return cohort;
  }

  /** Folds as the coordinator asks for it, and reads what is published. */
  async fold(): Promise<Record<string, Float32Array>> {
    let handed: HandedSums = {};
    let last: FoldedRole | undefined;
    const { shards } = this.model;
    const manifest = {
      version: 0,
      segments: Object.fromEntries(trains.map(id => [id, { version: 0, shards: [...(shards[id] ?? [])] }])),
    };
    for (const [i, role] of this.roles.entries()) {
      const handsOn = i < this.roles.length - 1 ? trains : [];
      last = await this.of(role).fold(1, manifest, { handed, handsOn });
      handed = last.handed ?? handed;
    }
    expect(this.sums.size, 'what was handed is gone').toBe(0);
    return this.read(last?.segments ?? {});
  }

  /** By tensor, where the weights of a role are. */
  positions(role: Role, tensor: OutlineTensor): Uint32Array {
    const slices = taskOf(this.config, 1, role)?.slices;
    if (slices) return Uint32Array.from(slicePositions(tensor.shape, spansOf(tensor, slices)));
    return new Uint32Array(elementsOf(tensor.shape)).map((_, i) => i);
  }

  private read(segments: FoldedRole['segments']): Record<string, Float32Array> {
    const found = trains.map(id => {
      const refs = segments[id] ?? this.model.shards[id] ?? [];
      const files = refs.map(({ sha256 }) => this.blobs.read(sha256));
      const read = readShards(segmentById(this.model.outline, id).tensors, files);
      if (!read.ok) throw new Error(read.reason);
      return read.value.map(({ name, values }) => [name, values] as const);
    });
    return Object.fromEntries(found.flat());
  }
}

/** Quicker than `toEqual`, of half a million values. */
function expectSame(expected: Float32Array, ...found: (Float32Array | undefined)[]): void {
  for (const values of found) {
    expect(values?.length).toBe(expected.length);
    expect(expected.findIndex((value, i) => !Object.is(value, values?.[i]))).toBe(-1);
  }
}

const nested = ['slice-1', 'whole'] as const;
const small = sliceableModel([4, 2], [2, 1]);
const valuesOf = (model: TinyModel, tensor: string): Float32Array =>
  trains.flatMap(id => model.weights[id] ?? []).find(({ name }) => name === tensor)?.values ??
  new Float32Array(0);
const weightsOf = (model: TinyModel, tensor: string): number[] => [...valuesOf(model, tensor)];

describe('updates of several widths', () => {
  it('are averaged at each weight over those who had it', async () => {
    const roles = new Roles(small, nested, {});
    expect(checkPlan(roles.config.spec.plan, small.outline)).toEqual({ ok: true, value: true });
    roles.of('slice-1').train('weak', 1, trains, () => 1);
    roles.of('whole').train('strong', 1, trains, () => 3);
    const after = await roles.fold();
    const moved = (tensor: string): number[] =>
      weightsOf(small, tensor).map((value, i) => (after[tensor]?.[i] ?? Number.NaN) - value);
    // The first of three hidden channels; rows 0 and 1 of the second kernel, and its first column; the bias is everyone's.
    expect(moved('s1/kernel')).toEqual([2, 3, 3, 2, 3, 3]);
    expect(moved('s1/bias')).toEqual([2, 3, 3]);
    expect(moved('s2/kernel')).toEqual([2, 3, 2, 3, 3, 3, 3, 3]);
    expect(moved('s2/bias')).toEqual(Array.from({ length: 10 }, () => 2));
  });

  it('leave what nobody had as it is, whatever else moves', async () => {
    const roles = new Roles(small, nested, {});
    roles.of('slice-1').train('weak', 1, trains, () => 1);
    const after = await roles.fold();
    const moved = weightsOf(small, 's2/kernel').map(
      (value, i) => (after['s2/kernel']?.[i] ?? Number.NaN) - value,
    );
    expect(moved).toEqual([1, 0, 1, 0, 0, 0, 0, 0]);
    expect(after['s2/kernel']?.some(value => Object.is(value, -0))).toBe(false);
  });

  it('of another size than their role’s are refused', () => {
    const roles = new Roles(small, nested, {});
    const whole = roles.of('whole');
    const sent = roles.of('slice-1').send(whole.claims('strong', 1, trains), () => 1);
    expect(sent).toMatchObject({ ok: false, reason: 'wrong-table' });
  });
});

/** A kernel in three shards, whose slices begin and end within them. */
const large = sliceableModel([700, 720], [7, 8]);
const kinds = [
  { plan: {}, roles: nested },
  { plan: { slices: 3, shrink: 0.6 }, roles: ['slice-1', 'slice-2', 'whole'] },
  { plan: { slicing: 'disjoint', slices: 2 }, roles: ['slice-1', 'slice-2'] },
] as const;

describe.each(kinds)('with the settings $plan', ({ plan, roles: names }) => {
  const updates = fc.array(
    fc.record({ role: fc.constantFrom<Role>(...names), size: fc.integer({ min: -64, max: 64 }) }),
    { minLength: 1, maxLength: 4 },
  );
  const change = (size: number) => (_: string, i: number) => (size * ((i % 11) - 5)) / 64;
  /** By role and tensor: to work them out takes longer than all else. */
  const known = new Map<string, Uint32Array>();

  it('any updates in any order give the same bytes, and the mean of those who had each weight', async () => {
    await fc.assert(
      fc.asyncProperty(updates, fc.boolean(), async (sent, isEvicted) => {
        const [one, other] = [new Roles(large, names, plan), new Roles(large, names, plan)];
        for (const [i, { role, size }] of sent.entries())
          one.of(role).train(`v${i}`, 1, trains, change(size));
        for (const [i, { role, size }] of [...sent.entries()].toReversed()) {
          other.of(role).train(`v${i}`, 1, trains, change(size));
          if (isEvicted) other.of(role).evict();
        }
        const [a, b] = [await one.fold(), await other.fold()];
        expect(Object.keys(a)).toEqual(Object.keys(b));
        for (const tensor of trains.flatMap(id => segmentById(large.outline, id).tensors))
          expectSame(averaged(one, tensor, sent), a[tensor.name], b[tensor.name]);
      }),
      { numRuns: propertyRuns(4) },
    );
  });

  function averaged(
    roles: Roles,
    tensor: OutlineTensor,
    sent: readonly { readonly role: Role; readonly size: number }[],
  ): Float32Array {
    const values = valuesOf(large, tensor.name).slice();
    const [sums, counts] = [new Float64Array(values.length), new Float64Array(values.length)];
    for (const { role, size } of sent) {
      const places = known.get(`${role} ${tensor.name}`) ?? roles.positions(role, tensor);
      known.set(`${role} ${tensor.name}`, places);
      const changed = change(size);
      for (let i = 0; i < places.length; i++) {
        const position = places[i] ?? 0;
        sums[position] = (sums[position] ?? 0) + changed(tensor.name, i);
        counts[position] = (counts[position] ?? 0) + 1;
      }
    }
    for (let i = 0; i < values.length; i++)
      if (counts[i])
        values[i] = Math.fround((values[i] ?? 0) + Math.fround((sums[i] ?? 0) / (counts[i] ?? 1)));
    return values;
  }
});
