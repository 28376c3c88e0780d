import type { AnyRule, Weighing } from '../aggregation/aggregation-rule.ts';
import { foldUnits } from '../aggregation/fold-units.ts';
import { groupUnits } from '../aggregation/group-units.ts';
import { addUpdate, emptySums, type PartialSum } from '../aggregation/partial-sums.ts';
import { decodeUpdate, openEnvelope } from '../codec/envelope.ts';
import { expectedTensors } from '../protocol/expected-tensors.ts';
import type { Task } from '../protocol/lease.ts';
import type { RunConfig } from '../protocol/run-config.ts';
import type { CohortPorts, KeptUpdate } from './ports.ts';
import { type RunningSums, SUMS_BYTES } from './running-sums.ts';

export interface SumInput {
  readonly config: RunConfig;
  readonly rule: AnyRule;
  readonly ports: CohortPorts;
  readonly round: number;
  /** What the rule remembers of the rounds before. */
  readonly memory: unknown;
  /** The running sums, if every update of the round went into them. */
  readonly sums: RunningSums | null;
}

/** What the updates of a role are of. */
type SummedTask = Pick<Task, 'trains' | 'slices'>;

/**
 * The round's sums, a shard at a time. The running sums are taken if they are whole. Otherwise the sums are made from
 * the kept envelopes, in groups of as many shards as fit in memory. Each group reads and decodes every envelope once,
 * so memory holds one group's sums and one update.
 * @param task of the role; if it has slices, the sums are of these
 */
export async function* sumRound(input: SumInput, task: SummedTask): AsyncIterable<PartialSum> {
  if (input.sums) return yield* input.sums.sums;
  const { config, rule, round, ports, memory } = input;
  const weighings = rule.weigh(ports.log.measured(round), memory);
  for (const units of groupUnits(foldUnits(config.model, task.trains, task.slices), SUMS_BYTES)) {
    let sums = emptySums(units);
    let number = 0;
    for (const update of ports.log.updates(round))
      sums = addUpdate(sums, await decodeKept(input, task, update), weighingAt(weighings, number++));
    yield* sums;
  }
}

function weighingAt(weighings: readonly Weighing[], number: number): Weighing {
  const weighing = weighings[number];
  if (!weighing) throw new Error(`the rule did not weigh update ${number}`);
  return weighing;
}

async function decodeKept(
  { config, ports }: SumInput,
  { trains, slices }: SummedTask,
  update: KeptUpdate,
): Promise<readonly Float32Array[]> {
  const opened = openEnvelope(await ports.envelopes.read(update));
  const tensors = expectedTensors(config.model, trains, slices);
  const values = opened.ok ? decodeUpdate(opened.value, { codec: config.spec.codec, tensors }) : opened;
  if (!values.ok)
    throw new Error(`the kept update of lease ${update.lease} does not decode: ${values.reason}`);
  return values.value;
}
