import type { RunConfig } from '../../protocol/run-config.ts';
import { isHeldBackIn } from '../check/hold-back.ts';
import type { RunState } from '../run-state.ts';
import type { VolunteerState } from '../volunteer/volunteer-state.ts';
import { isAble } from './crowd.ts';

/** [CHECK10] Whether it gets no training for an update that was harmful. Not if nobody else is able. */
export const isHeldBack = (
  config: RunConfig,
  state: RunState,
  volunteer: VolunteerState,
  now: number,
): boolean => isHeldBackIn(volunteer, state.round.number) && !isAble(config, state, volunteer, now);
