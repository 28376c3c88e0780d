import type { EventBody } from '../../protocol/events.ts';
import type { Manifest } from '../../protocol/model-outline.ts';
import { accepted, type Result, refused } from '../../protocol/refusals.ts';
import type { RunConfig } from '../../protocol/run-config.ts';
import { noteTrainers } from '../divergence/divergence.ts';
import { areJudgedAlike, startEvaluation } from '../evaluation/evaluation.ts';
import type { JudgedVersion } from '../evaluation/evaluation-state.ts';
import { withJudged } from '../evaluation/judged-versions.ts';
import { endLeases } from '../lease/end-leases.ts';
import { withoutFoldFailures } from '../round/fold-failures.ts';
import { changedHashes } from '../round/manifests.ts';
import { type ReturningRound, unopenedRound } from '../round/round-state.ts';
import type { RunState } from '../run-state.ts';
import { joinSteps, type Step, stay } from '../step.ts';
import type { TakeBackReason } from './take-back-state.ts';

/** What a run is to return to, and why. */
export interface TakeBack {
  readonly to: number;
  readonly why: TakeBackReason;
  /** In words for people. */
  readonly detail?: string;
}

/**
 * [BACK1] The host takes the run back. Whether the version is kept its store knows. To ask for the same once more, since
 * the reply was lost, changes nothing.
 */
export function takeBackByHost(state: RunState, to: number): Result<Step> {
  const why = whyNot(state, to);
  if (why === 'underway') return accepted(stay(state));
  if (why !== null) return refused('run-not-open', why);
  const { returns: _, ...fresh } = state;
  return accepted(takeBack(fresh, { to, why: 'host' }));
}

function whyNot({ phase, round, manifest, closing }: RunState, to: number): string | null {
  if (phase === 'draft' || phase === 'finished') return `a run that is ${phase} cannot be taken back`;
  if (round.status === 'returning')
    return round.to === to ? 'underway' : `the run is being taken back to version ${round.to} just now`;
  if (round.status === 'over')
    return `every round is done, so none is left to be taken back: version ${to} can be exported by its number`;
  if (closing) return `the run comes to its end: version ${to} can be exported by its number`;
  return to > manifest.version
    ? `version ${to} is not out yet: the newest is version ${manifest.version}`
    : null;
}

/** [BACK1] [BACK3] The round ends, with all that was leased. Its cohorts are told, and then the next version is out. */
export function takeBack(before: RunState, { to, why, detail }: TakeBack): Step {
  const { number } = before.round;
  const from = before.manifest.version;
  const told: EventBody = {
    ...{ type: 'run-taken-back', from, to, round: number, why },
    ...(detail === undefined ? {} : { detail }),
  };
  const round: ReturningRound = { status: 'returning', number, served: {}, to };
  const { spared: _, ...state } = withoutFoldFailures(before);
  const ended = endLeases(
    { ...state, evaluation: null, round },
    state.leases.values(),
    `the run was taken back to version ${to}`,
  );
  return joinSteps({ state: ended.state, events: [told] }, ended);
}

/**
 * [BACK2] Every cohort knows, so the version is out. Of another round or version it changes nothing.
 * @param kept the manifest of the version that the run returns to
 */
export function noteReturned(
  config: RunConfig,
  before: RunState,
  number: number,
  kept: Manifest,
  now: number,
): Step {
  const { round, manifest } = before;
  if (round.status !== 'returning' || round.number !== number || kept.version !== round.to)
    return stay(before);
  const version = manifest.version + 1;
  const next: Manifest = { version, segments: kept.segments };
  const published: EventBody = {
    ...{ type: 'version-published', version, round: number, updates: {} },
    ...{ segments: changedHashes(manifest, next), weightsOf: kept.version },
  };
  const state = noteTrainers(
    {
      ...withoutFoldFailures(before),
      manifest: next,
      takenBackAt: number,
      round:
        before.closing || number >= config.spec.rounds
          ? { status: 'over', number, served: {} }
          : unopenedRound(number + 1),
    },
    [],
  );
  const judged = judgedAgain(config, state, kept.version);
  return {
    state: startEvaluation(config, judged.state, now),
    events: [published, ...judged.events],
  };
}

/** [BACK7] The same weights have the same accuracy, if the same segments are judged. */
function judgedAgain(config: RunConfig, state: RunState, kept: number): Step {
  const { version } = state.manifest;
  const old = state.judged?.find(one => one.version === kept);
  if (!old || !areJudgedAlike(config, kept, version)) return stay(state);
  const again: JudgedVersion = { ...old, version };
  const { examples, accuracy, loss, isConfirmed } = old;
  return {
    state: withJudged({ ...state, evaluatedVersion: version }, again),
    events: [
      {
        ...{ type: 'version-evaluated', version, examples, accuracy, loss },
        ...(isConfirmed ? {} : { confirmed: false }),
      },
    ],
  };
}
