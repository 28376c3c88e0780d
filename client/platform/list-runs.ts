import { paths } from '../../shared/protocol/paths.ts';
import { type RunListing, runListSchema } from '../../shared/protocol/run-list.ts';
import { callRepeatable } from './call-platform.ts';
import { authorise, readAs, type Source } from './read-as.ts';
import type { TimeLimits } from './time-limits.ts';

/** A platform, and how long it is waited for. */
export interface PlatformSource extends Source {
  readonly limits: TimeLimits;
}

export interface ListOptions {
  /** Whether runs in the archive are listed too. */
  readonly archived?: boolean;
  /** Runs that are listed although they may not be public. */
  readonly known?: readonly string[];
  /** The deployment key: with it all are listed. */
  readonly key?: string | undefined;
  readonly signal?: AbortSignal;
}

/**
 * The runs of a platform, the newest first. It stands apart from the other calls, because the first page makes this one
 * alone.
 */
export const listRuns = async (
  source: PlatformSource,
  { archived = false, known = [], key, signal }: ListOptions = {},
): Promise<RunListing[]> => {
  const asked = [...(archived ? ['archived'] : []), ...(known.length > 0 ? [`known=${known.join()}`] : [])];
  const path = asked.length > 0 ? `${paths.runs}?${asked.join('&')}` : paths.runs;
  const read = readAs(source, runListSchema);
  return (
    await callRepeatable(
      source.origin + path,
      { headers: authorise(key), ...(signal && { signal }) },
      read,
      source.limits,
    )
  ).runs;
};
