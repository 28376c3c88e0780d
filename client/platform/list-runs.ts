import { paths } from '../../shared/protocol/paths.ts';
import { type RunListing, runListSchema } from '../../shared/protocol/run-list.ts';
import { callRepeatable } from './call-platform.ts';
import { readAs, type Source } from './read-as.ts';
import type { TimeLimits } from './time-limits.ts';

/** A platform, and how long it is waited for. */
export interface PlatformSource extends Source {
  readonly limits: TimeLimits;
}

export interface ListOptions {
  /** Whether runs in the archive are listed too. */
  readonly archived?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * The runs of a platform, the newest first. It stands apart from the other calls, because the first page makes this one
 * alone.
 */
export const listRuns = async (
  source: PlatformSource,
  { archived = false, signal }: ListOptions = {},
): Promise<RunListing[]> => {
  const path = archived ? `${paths.runs}?archived` : paths.runs;
  const read = readAs(source, runListSchema);
  return (await callRepeatable(source.origin + path, { ...(signal && { signal }) }, read, source.limits))
    .runs;
};
