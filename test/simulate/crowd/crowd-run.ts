import { checkPlan } from '../../../shared/plan/plan-tasks.ts';
import { expectedTensors } from '../../../shared/protocol/expected-tensors.ts';
import { type ModelOutline, modelOutlineSchema } from '../../../shared/protocol/model-outline.ts';
import type { PlanSpec } from '../../../shared/protocol/plan-spec.ts';
import type { RunConfig } from '../../../shared/protocol/run-config.ts';
import { MOST_VOLUNTEERS, runSpecSchema } from '../../../shared/protocol/run-spec.ts';

/** What a simulated crowd trains, and under which policies. */
export interface CrowdRunSettings {
  /** Who ever comes. */
  readonly volunteers: number;
  readonly rounds: number;
  readonly seed: number;
  readonly plan: PlanSpec['name'];
  /** Updates wanted a round. */
  readonly goal: number;
  /** The round policy by its name; the schema's own default if left out. */
  readonly policy?: string | undefined;
  /** Cohorts of a role; as many as the schema's default makes if left out. */
  readonly cohorts?: number | undefined;
}

/** Multiply-accumulates and activations of a browser-sized network. Its tensors are tiny, for no values count here. */
const crowdModel: ModelOutline = modelOutlineSchema.parse({
  name: 'crowd',
  inputShape: [28, 28, 1],
  classes: 10,
  topology: '0'.repeat(64),
  segments: [
    segment('segment-1', [8, 8], 12e6, 60_000),
    { ...segment('head-1', [4], 1e5, 500), kind: 'head', of: 'segment-1' },
    segment('segment-2', [8, 8], 8e6, 20_000),
  ],
});

function segment(id: string, shape: number[], macs: number, activations: number) {
  const tensors = [{ name: `${id}/kernel`, shape }];
  return { id, kind: 'body', topology: '1'.repeat(64), layers: ['Dense'], tensors, macs, activations };
}

/** @throws if the plan does not suit two segments, or if the machine has no such policy */
export function crowdConfig({
  volunteers,
  rounds,
  seed,
  plan,
  goal,
  policy,
  cohorts,
}: CrowdRunSettings): RunConfig {
  // There is room for all who come, if a run can have it.
  const maxVolunteers = Math.min(MOST_VOLUNTEERS, Math.max(1, volunteers));
  const spec = runSpecSchema.parse({
    name: 'a simulated crowd',
    seed,
    dataset: {
      ...{ kind: 'glyphs', name: 'glyphs', seed, partition: { kind: 'iid' } },
      ...{ trainParts: 400, testParts: 4, examplesPerPart: 500 },
    },
    plan: { name: plan },
    rounds,
    policy: {
      updatesPerRound: goal,
      maxVolunteers,
      ...(policy === undefined ? {} : { rounds: policy }),
      ...(cohorts === undefined ? {} : { cohorts }),
    },
  });
  const config = { spec, model: crowdModel };
  const planned = checkPlan(spec.plan, crowdModel);
  if (!planned.ok) throw new Error(`--plan: ${planned.detail ?? planned.reason}`);
  if (policy !== undefined && policyOf(config) !== policy)
    throw new Error(`--policy: this round machine has no rounds that are '${policy}'`);
  return config;
}

/** The name of the run's round policy. The first machine had one only, and its settings did not name it. */
export const policyOf = ({ spec: { policy } }: RunConfig): string =>
  'rounds' in policy ? String(policy.rounds) : 'synchronous';

/** Which share of the whole network's weights these segments have. */
export function shareOf({ model }: RunConfig, segments: readonly string[]): number {
  const count = (ids: readonly string[]): number =>
    expectedTensors(model, ids).reduce((sum, { elements }) => sum + elements, 0);
  return count(segments) / count(model.segments.map(({ id }) => id));
}
