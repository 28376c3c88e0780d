import type { Role } from '../../protocol/identifiers.ts';
import type { RefusalReason } from '../../protocol/refusals.ts';
import {
  afterLoss,
  afterWork,
  DISTRUSTED,
  type LossReason,
  NEUTRAL,
  newcomer,
  type Standing,
  type ToldStanding,
  type ToldWork,
  TRUSTED,
  valueAt,
  weightShareOf,
  workOutcomes,
} from '../../protocol/standing.ts';
import { servedInAll } from '../round/round-state.ts';
import type { RunState } from '../run-state.ts';
import { isProven } from './is-proven.ts';
import type { VolunteerState } from './volunteer-state.ts';

type Now = Pick<RunState, 'manifest'>;

export const standingOf = ({ standing = newcomer }: VolunteerState): Standing => standing;

/** [STAND6] As it is now, in [0, 1]. */
export const standingValue = ({ manifest }: Now, volunteer: VolunteerState): number =>
  valueAt(standingOf(volunteer), manifest.version);

/** [STAND1] A referee is trusted by its key. */
export const isTrusted = (state: Now, volunteer: VolunteerState): boolean =>
  volunteer.identity.referee || standingValue(state, volunteer) >= TRUSTED;

/** [STAND1] */
const isDistrusted = (state: Now, volunteer: VolunteerState): boolean =>
  !volunteer.identity.referee && standingValue(state, volunteer) < DISTRUSTED;

/**
 * [EVAL13] Whether it is proven, and its updates earned more than it has lost since. A referee's key says as much. Time
 * is left out: it moves a standing towards a newcomer's and never across, so this changes only with the row.
 */
export const hasHelped = (volunteer: VolunteerState): boolean =>
  volunteer.identity.referee || (isProven(volunteer) && standingOf(volunteer).value > NEUTRAL);

/** [STAND8] It is distrusted, or its last update was worth nothing for sure. */
export const comesLast = (state: Now, volunteer: VolunteerState): boolean =>
  isDistrusted(state, volunteer) || isIdleWork(standingOf(volunteer));

const isIdleWork = ({ why }: Standing): boolean => why === 'zero' || why === 'copied';

/** [STAND7] The share of a lease that is granted now. */
export function shareOf(state: Now, volunteer: VolunteerState): { readonly share?: number } {
  const share = volunteer.identity.referee ? null : weightShareOf(standingValue(state, volunteer));
  return share === null ? {} : { share };
}

/** [STAND9] What whoever asks is told. Left out if it last earned, if nothing is known of it, or if its key is its standing. */
export function toldStanding(state: Now, volunteer: VolunteerState): { readonly standing?: ToldStanding } {
  const { why } = standingOf(volunteer);
  return why && !volunteer.identity.referee
    ? { standing: { value: standingValue(state, volunteer), why } }
    : {};
}

/** [STAND4] A version is out, and this is what the updates of its round were worth. */
export function noteWork(state: RunState, work: Readonly<Partial<Record<Role, ToldWork>>>): RunState {
  const { version } = state.manifest;
  let { volunteers } = state;
  for (const told of Object.values(work))
    for (const outcome of workOutcomes)
      for (const id of told?.[outcome] ?? []) {
        const row = volunteers.get(id);
        if (row)
          volunteers = volunteers.put({ ...row, standing: afterWork(standingOf(row), outcome, version) });
      }
  return { ...state, volunteers };
}

/** [STAND5] */
export function noteLoss(state: RunState, id: string, why: LossReason): RunState {
  const row = state.volunteers.get(id);
  if (!row) return state;
  const standing = afterLoss(standingOf(row), why, state.manifest.version);
  return { ...state, volunteers: state.volunteers.put({ ...row, standing }) };
}

/** [STAND5] No program of ours sends what is refused so. */
const faults: ReadonlySet<RefusalReason> = new Set([
  'malformed',
  'unauthorised',
  'too-large',
  'wrong-table',
  'wrong-codec',
  'bad-payload',
  'bad-metrics',
]);

/** [STAND5] What is refused so may be the run's doing, unless it trains well for others. */
const ofTraining: ReadonlySet<RefusalReason> = new Set(['not-finite', 'out-of-range', 'bad-statistics']);

/** [STAND5] Whether a refused update costs standing. */
export const isFault = ({ round }: RunState, reason: RefusalReason): boolean =>
  faults.has(reason) || (ofTraining.has(reason) && servedInAll(round) > 0);
