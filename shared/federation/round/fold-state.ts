import type { Role } from '../../protocol/identifiers.ts';

/** What became of the attempts to fold the round since one got further. */
export interface FoldFailures {
  readonly count: number;
  /** Nobody is asked before this moment. Infinity cannot be stored: null means until the host resumes the run. */
  readonly retryAt: number | null;
}

/** What one call of a fold came to, if it did not end it. */
export interface FoldAttempt {
  readonly type: 'fold-tried';
  readonly role: Role;
  readonly round: number;
  /** What failed, in words for people. Null if the fold got further. */
  readonly failure: string | null;
}
