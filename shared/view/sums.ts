import type { EventBody } from '../protocol/events.ts';
import type { RunView } from '../protocol/run-view.ts';
import { emptyRound } from './empty-view.ts';
import { addToRound, countLate, lateUpdates } from './figures.ts';

type Of<T extends EventBody['type']> = Extract<EventBody, { type: T }>;
type Sums = Omit<RunView, 'rounds' | 'volunteers'>;

/** What an accepted update changes of the run's figures. */
export function withAccepted(now: Sums, event: Of<'update-accepted'>, isTraining: boolean): Partial<RunView> {
  const { accepted, trainingUpdates, bytesUp, bytesDown, current } = now;
  return {
    accepted: accepted + 1,
    trainingUpdates: trainingUpdates + (isTraining ? 1 : 0),
    bytesUp: bytesUp + event.bytes,
    bytesDown: bytesDown + event.downloadBytes,
    ...countLate(now, event, addToRound(current, event, isTraining)),
  };
}

/** What a version changes of them. The next round begins. */
export function afterVersion(
  now: Sums,
  { round, version, segments }: Of<'version-published'>,
): Partial<RunView> {
  const changed = Object.keys(segments).filter(id => (segments[id]?.length ?? 0) > 0);
  const { [round + 1]: late, ...upcoming } = now.upcoming ?? {};
  return {
    version,
    goals: {},
    ...(now.unfit && { unfit: {} }),
    current: { ...emptyRound(round + 1, version), ...(late && lateUpdates(late)) },
    ...(now.upcoming && { upcoming }),
    changedIn: { ...now.changedIn, ...Object.fromEntries(changed.map(id => [id, version])) },
  };
}
