import { aggregationOf, type FoldedRole } from '../../protocol/cohort-report.ts';
import type { EventBody } from '../../protocol/events.ts';
import type { Manifest, SegmentVersion, Slots } from '../../protocol/model-outline.ts';
import type { RunConfig } from '../../protocol/run-config.ts';
import { workOutcomes } from '../../protocol/standing.ts';
import { noteTrainers } from '../divergence/divergence.ts';
import { startEvaluation } from '../evaluation/evaluation.ts';
import { keepGroup } from '../lease/crowd.ts';
import { endLeases } from '../lease/end-leases.ts';
import type { LeaseState } from '../lease/lease-state.ts';
import type { RunState } from '../run-state.ts';
import type { Step } from '../step.ts';
import { noteWork } from '../volunteer/standing.ts';
import { hashesOf } from './manifests.ts';
import { roundPolicyOf } from './round-policy.ts';
import { type ClosedRound, nextRound, type RoundState, rolesOf, trainersOf } from './round-state.ts';

type VersionPublished = Extract<EventBody, { type: 'version-published' }>;

/** What came of a round, whose roles have all folded. */
export type Candidate = Pick<ClosedRound, 'number' | 'folded'>;

const foldsOf = ({ folded }: Candidate): FoldedRole[] => Object.values(folded).flatMap(fold => fold ?? []);

/** The shards that changed. */
const changedIn = (candidate: Candidate): FoldedRole['segments'] =>
  Object.assign({}, ...foldsOf(candidate).map(({ segments }) => segments));

/** How many updates are in it. */
export const countTaken = (candidate: Candidate): number =>
  foldsOf(candidate).reduce((sum, { updates }) => sum + updates, 0);

/** [PUB1] The version that a candidate is if it is published. A segment that nobody returned keeps its weights. */
export function candidateManifest({ version, segments }: Manifest, candidate: Candidate): Manifest {
  const slots: FoldedRole['slots'] = Object.assign({}, ...foldsOf(candidate).map(fold => fold.slots));
  const next = version + 1;
  const changed = Object.entries(changedIn(candidate)).map(([id, shards]): [string, SegmentVersion] => [
    id,
    { version: next, shards: [...shards], ...slotsIn(slots?.[id]) },
  ]);
  return { version: next, segments: { ...segments, ...Object.fromEntries(changed) } };
}

/** [PUB1] The candidate is the next version, and the next round begins. */
export function publishVersion(
  config: RunConfig,
  state: RunState,
  round: ClosedRound & RoundState,
  told: Pick<VersionPublished, 'check' | 'taken'>,
  now: number,
): Step {
  const allExamples: FoldedRole['allExamples'] = Object.assign(
    {},
    ...foldsOf(round).map(fold => fold.allExamples),
  );
  const manifest = candidateManifest(state.manifest, round);
  const { version } = manifest;
  const ended = endStaleLeases(config, state, round.number + 1);
  const next = withWork(config, { ...ended.state, manifest, round: roundAfter(config, state, round) }, round);
  const published: VersionPublished = {
    ...{ type: 'version-published', version, round: round.number },
    updates: Object.fromEntries(rolesOf(round).map(role => [role, round.folded[role]?.updates ?? 0])),
    segments: hashesOf(manifest, Object.keys(changedIn(round))),
    ...(Object.keys(allExamples ?? {}).length > 0 ? { allExamples } : {}),
    ...toldAggregation(round.folded),
    ...toldWork(round.folded),
    ...told,
  };
  return {
    state: startEvaluation(config, noteTrainers(next, trainersOf(round)), now),
    events: [...ended.events, published],
  };
}

/** What the ledger says of how the updates of each role counted. */
function toldAggregation(folded: ClosedRound['folded']): Pick<VersionPublished, 'aggregation'> {
  const told = Object.entries(folded).flatMap(([role, fold]) =>
    fold && hasTold(fold) ? [[role, aggregationOf(fold)] as const] : [],
  );
  return told.length > 0 ? { aggregation: Object.fromEntries(told) } : {};
}

/** [STAND2] By role, what its updates were worth. */
const worked = (folded: ClosedRound['folded']): NonNullable<VersionPublished['work']> =>
  Object.fromEntries(
    Object.entries(folded).flatMap(([role, fold]) => (fold?.work ? [[role, fold.work] as const] : [])),
  );

/** [STAND4] Whoever has helped is known as such at once, and not only when it asks again. */
function withWork(config: RunConfig, before: RunState, { folded }: Candidate): RunState {
  const work = worked(folded);
  const whose = Object.values(work).flatMap(told => workOutcomes.flatMap(outcome => told?.[outcome] ?? []));
  return whose.reduce((state, id) => keepGroup(config, state, id), noteWork(before, work));
}

function toldWork(folded: ClosedRound['folded']): Pick<VersionPublished, 'work'> {
  const work = worked(folded);
  return Object.keys(work).length > 0 ? { work } : {};
}

const hasTold = (fold: FoldedRole): boolean => Object.keys(aggregationOf(fold)).length > 0;

/** [CLOSE2] A run that closes has no next one. */
const roundAfter = ({ spec }: RunConfig, { closing }: RunState, round: RoundState): RoundState =>
  closing || round.number >= spec.rounds
    ? { status: 'over', number: round.number, served: {} }
    : nextRound(round);

/** [PUB3] Leases whose updates can count in no round any more, now that this one is the first that takes any. */
function endStaleLeases(config: RunConfig, state: RunState, first: number): Step {
  const training = [...state.leases.values()].filter(({ role }) => role !== 'evaluator');
  // All leases of a role and round are alike, and to plan a round takes a moment.
  const kinds = new Map(training.map(lease => [kindOf(lease), lease]));
  const policy = roundPolicyOf(config.spec);
  const stale = [...kinds.values()].filter(lease => policy.countsIn(config, lease, first) === null);
  const ended = new Set(stale.map(kindOf));
  return endLeases(
    state,
    training.filter(lease => ended.has(kindOf(lease))),
    'the round closed',
  );
}

const kindOf = ({ role, round, root }: LeaseState): string => `${role} ${round} ${root ?? ''}`;

/** [PUB8] As a manifest has them. */
const slotsIn = (slots: Slots | undefined): Pick<SegmentVersion, 'slots'> =>
  slots
    ? { slots: Object.fromEntries(Object.entries(slots).map(([name, files]) => [name, [...files]])) }
    : {};
