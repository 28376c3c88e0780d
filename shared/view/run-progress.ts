/** What a view and a line of the directory say of how far a run is. */
interface Run {
  readonly phase: string;
  readonly round: number;
  /** Left out by listings of older releases. */
  readonly version?: number | undefined;
  readonly closing?: object | boolean | undefined;
}

export interface RunProgress {
  /** Rounds that have made a version. */
  readonly done: number;
  readonly rounds: number;
  /** The round that is trained, or waits to be. Null if none is: before the opening, after the last round, and at the end. */
  readonly working: number | null;
}

/**
 * How far a run is. Whoever says it asks here, so that all pages and commands say the same.
 * @param rounds of the run's specification
 */
export function runProgress(run: Run, rounds: number): RunProgress {
  const { phase, round, version = round - 1 } = run;
  const done = Math.min(version, rounds);
  const isTraining = phase !== 'draft' && phase !== 'finished' && !run.closing && done < rounds;
  return { done, rounds, working: isTraining ? done + 1 : null };
}

/** [CLOSE1] Whether the last version is being judged, and nothing is trained any more. */
export const isClosing = ({ phase, closing }: Pick<Run, 'phase' | 'closing'>): boolean =>
  phase === 'open' && closing !== undefined && closing !== false;
