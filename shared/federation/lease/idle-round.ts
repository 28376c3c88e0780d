import { isInTraining } from '../round/round-state.ts';
import type { RunState } from '../run-state.ts';

/**
 * [LEASE14] [CROWD5] Half of the time that closes an idle round ([ROUND4]). Nothing is kept for anybody after it. Otherwise
 * a volunteer who is gone would cost the round its role.
 */
const KEPT_WHILE_IDLE_MS = 1_500;

/** Whether nobody has been at work for so long that nothing is kept for those who do not come. */
export const isLongIdle = ({ round }: RunState, now: number): boolean =>
  isInTraining(round) && round.idleSince !== null && now - round.idleSince >= KEPT_WHILE_IDLE_MS;
