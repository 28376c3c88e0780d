import type { EventBody } from '../protocol/events.ts';
import type { RunView } from '../protocol/run-view.ts';
import { withPause } from './trained-time.ts';

type Core = Omit<RunView, 'rounds' | 'volunteers'>;
type Phase = 'run-opened' | 'run-paused' | 'run-closing' | 'run-finished';
export type PhaseEvent = Extract<EventBody, { type: Phase }>;

/** [VIEW2] The view in the phase that the event tells of. Why the run was paused before is forgotten. */
export function withPhase({ whyDetail: _, ...now }: Core, event: PhaseEvent, at: number): Core {
  switch (event.type) {
    case 'run-opened':
      return { ...now, ...inPhase(now, 'open', at), openedAt: now.openedAt ?? at, why: null };
    case 'run-paused':
      return {
        ...{ ...now, ...inPhase(now, 'paused', at) },
        // It is missing in ledgers that were written before a run could pause itself.
        why: event.why ?? 'host',
        ...(event.detail !== undefined && { whyDetail: event.detail }),
      };
    case 'run-closing':
      return { ...now, ...inPhase(now, 'open', at), why: null, closing: { why: event.why, since: at } };
    case 'run-finished':
      return {
        ...{ ...now, ...inPhase(now, 'finished', at), ...unchecked(now) },
        ...{ finishedAt: at, why: event.why },
        ...(event.untested && { untested: true }),
      };
  }
}

const inPhase = (now: Core, phase: Core['phase'], at: number): Partial<Core> => ({
  phase,
  ...withPause(now, phase, at),
});

/** No candidate is checked any more. */
export const unchecked = ({ checking }: Core): Pick<Core, 'checking'> => (checking ? { checking: null } : {});
