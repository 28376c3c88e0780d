import type { RunView } from '../../../shared/protocol/run-view.ts';

/** A version that was trained and tested. */
export interface TestedVersion {
  readonly version: number;
  readonly accuracy: number;
  readonly isConfirmed: boolean;
  /** Null if the platform did not say it. */
  readonly at: number | null;
}

/** The newest version that was trained and tested. Null if none was. The untrained version 0 has no accuracy of the run. */
export function newestTested({ rounds }: Pick<RunView, 'rounds'>): TestedVersion | null {
  const round = rounds.findLast(({ version, accuracy }) => version > 0 && accuracy !== null);
  if (!round || round.accuracy === null) return null;
  const { version, accuracy, unconfirmed } = round;
  return { version, accuracy, isConfirmed: !unconfirmed, at: null };
}

/**
 * Whether the big number may be of this version. While a run goes on, its last version but one may: the newest one is
 * being tested meanwhile. Once it is over, only its last version says how good it is.
 */
export function isCurrent(
  { version }: Pick<TestedVersion, 'version'>,
  view: Pick<RunView, 'version' | 'phase'>,
): boolean {
  return version >= view.version - (view.phase === 'finished' ? 0 : 1);
}
