import type { Check } from '../../../shared/protocol/check.ts';
import { replayPorts } from '../../platform/replay-ports.ts';
import type { Work } from '../volunteer-options.ts';
import { archivedUpdates } from './archived-updates.ts';
import { checkFiles } from './candidate-files.ts';
import { type CheckPorts, runCheck } from './run-check.ts';

/**
 * One check, from its download to the platform's word that it is over.
 * @throws if the platform, the backend or the archive fails. Then the check is asked for anew, or passes
 */
export async function workCheck(work: Work, check: Check, signal: AbortSignal): Promise<void> {
  const files = await checkFiles(work, check);
  await runCheck({ config: work.info, check, files, ports: checkPorts(work, check, signal) });
}

function checkPorts({ options, info, identity }: Work, check: Check, signal: AbortSignal): CheckPorts {
  const { client, run, trainer } = options;
  return {
    losses: async job => {
      signal.throwIfAborted();
      return trainer.losses(job);
    },
    verdict: found => client.verdict(run, check.id, identity.token, found, signal),
    envelopes: asked => archivedUpdates(replayPorts(client, info, noSums, signal).archives, asked, signal),
  };
}

/** Nothing is handed on here. */
const noSums = (): never => {
  throw new Error('a check hands on no sums');
};
