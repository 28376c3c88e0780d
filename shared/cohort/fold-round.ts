import type { AnyRule, Weighing } from '../aggregation/aggregation-rule.ts';
import { applyAggregate } from '../aggregation/apply-aggregate.ts';
import { meanOf } from '../aggregation/exact-sum.ts';
import { foldUnits } from '../aggregation/fold-units.ts';
import { groupUnits } from '../aggregation/group-units.ts';
import { addUpdate, emptySums, type PartialSum } from '../aggregation/partial-sums.ts';
import { decodeUpdate, openEnvelope } from '../codec/envelope.ts';
import type { FoldedRole } from '../protocol/cohort-report.ts';
import { expectedTensors } from '../protocol/expected-tensors.ts';
import type { Role } from '../protocol/identifiers.ts';
import type { Manifest, ShardRef } from '../protocol/model-outline.ts';
import type { RunConfig } from '../protocol/run-config.ts';
import { moveAverages } from './move-averages.ts';
import type { Blobs, CohortPorts, KeptUpdate } from './ports.ts';
import { type RunningSums, SUMS_BYTES } from './running-sums.ts';
import { taskOf } from './trained-segments.ts';

export interface FoldInput {
  readonly config: RunConfig;
  readonly role: Role;
  readonly rule: AnyRule;
  readonly ports: CohortPorts;
  readonly round: number;
  /** The version that the round's leases were given. */
  readonly manifest: Manifest;
  /** The rule's, of the rounds before. */
  readonly memory: unknown;
  /** The running sums, if every update of the round went into them. */
  readonly sums: RunningSums | null;
}

/** Sums a closed round's updates, applies the sums to its shards, publishes these, and says which shards there are now. */
export async function foldRound(input: FoldInput): Promise<FoldedRole> {
  const { config, round, role, manifest, ports } = input;
  const updates = ports.log.countUpdates(round);
  const task = taskOf(config, round, role);
  if (updates === 0 || !task) return { updates, segments: {} };
  const segments: Record<string, ShardRef[]> = Object.fromEntries(
    task.trains.map(id => [id, [...(manifest.segments[id]?.shards ?? [])]]),
  );
  for await (const partial of sumRound(input, task.trains)) {
    const { segment, shard } = partial.unit;
    const shards = segments[segment];
    const old = shards?.[shard];
    if (!shards || !old) throw new Error(`version ${manifest.version} lacks shard ${shard} of ${segment}`);
    shards[shard] = await publishSum(ports.blobs, old, partial);
  }
  const examples = ports.log.measured(round).map(({ weight }) => weight);
  const averages = await moveAverages({ config, blobs: ports.blobs, manifest, task, examples }, segments);
  return { updates, segments: { ...segments, ...averages } };
}

/**
 * The round's sums, a shard at a time. Those that ran along are taken if they are whole. Else they are made from the kept
 * envelopes, as many shards at a time as sums have room for: each envelope is read and decoded once a group, and memory
 * holds one group's sums and one update.
 */
async function* sumRound(input: FoldInput, trains: readonly string[]): AsyncIterable<PartialSum> {
  if (input.sums) return yield* input.sums.sums;
  const { config, rule, round, ports, memory } = input;
  const weighings = rule.weigh(ports.log.measured(round), memory);
  for (const units of groupUnits(foldUnits(config.model, trains), SUMS_BYTES)) {
    let sums = emptySums(units);
    let number = 0;
    for (const update of ports.log.updates(round))
      sums = addUpdate(sums, await decodeKept(input, trains, update), weighingAt(weighings, number++));
    yield* sums;
  }
}

function weighingAt(weighings: readonly Weighing[], number: number): Weighing {
  const weighing = weighings[number];
  if (!weighing) throw new Error(`the rule did not weigh update ${number}`);
  return weighing;
}

async function decodeKept(
  { config, ports }: FoldInput,
  trains: readonly string[],
  update: KeptUpdate,
): Promise<readonly Float32Array[]> {
  const opened = openEnvelope(await ports.envelopes.read(update));
  const values = opened.ok
    ? decodeUpdate(opened.value, { codec: config.spec.codec, tensors: expectedTensors(config.model, trains) })
    : opened;
  if (!values.ok)
    throw new Error(`the kept update of lease ${update.lease} does not decode: ${values.reason}`);
  return values.value;
}

/** Moves one shard by its sum's mean, and publishes it. It stays as it is if no update counts. */
async function publishSum(blobs: Blobs, old: ShardRef, { sum }: PartialSum): Promise<ShardRef> {
  const aggregate = meanOf(sum);
  return aggregate === null ? old : blobs.put(applyAggregate(await blobs.get(old.sha256), aggregate));
}
