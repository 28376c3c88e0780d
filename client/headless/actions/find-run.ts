import type { RunInfo } from '../../../shared/protocol/messages.ts';
import type { HomeroomClient } from '../../platform/homeroom-client.ts';
import { rest } from '../../platform/rest.ts';
import { retryUntilReached } from '../../platform/retry-until-reached.ts';
import { commandLineFor } from '../terminal/command-line-for.ts';
import { describeRelease } from '../terminal/describe-release.ts';
import { INTERRUPTED } from '../terminal/interrupt.ts';
import { printLine } from '../terminal/terminal.ts';
import { UsageError } from '../terminal/usage-error.ts';

/**
 * Looks at a run before anything is started for it: who cannot join hears so at once. If the platform is away, it is waited for.
 * @returns null if the user has stopped before
 * @throws UsageError if there is nothing to join
 */
export async function findRun(
  client: HomeroomClient,
  run: string,
  signal: AbortSignal,
): Promise<RunInfo | null> {
  let told = '';
  const info = await retryUntilReached(
    {
      backoff: client.limits.callRetry,
      isDone: () => signal.aborted,
      onRetry: ({ message }) => {
        if (message !== told) printLine(`Waiting: ${message}; trying again.`);
        told = message;
      },
      rest: ms => rest(ms, signal),
    },
    () => client.run(run),
  );
  if (!info) process.exitCode = INTERRUPTED;
  else {
    requireOpen(client, info);
    const other = describeRelease(info.release, client.origin);
    if (other !== null) printLine(other);
  }
  return info;
}

function requireOpen(client: HomeroomClient, { run, view, archived }: RunInfo): void {
  if (view.phase === 'finished')
    throw new UsageError(
      `the run is finished, so nothing is left to train. To write its network to a folder: ${commandLineFor('export', client, run)}`,
    );
  if (archived) throw new UsageError('the run is archived: its host can take it out of the archive');
}
