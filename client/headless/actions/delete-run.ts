import { toOneLine } from '../../../shared/protocol/one-line.ts';
import { isDeleted } from '../../platform/call-platform.ts';
import type { HostKeyFlags } from '../commands/host-key-flags.ts';
import { commandLineFor } from '../terminal/command-line-for.ts';
import { UsageError } from '../terminal/usage-error.ts';
import { requireHost } from './require-host.ts';

export interface DeleteFlags extends HostKeyFlags {
  readonly yes: boolean;
}

/** @throws UsageError that says what would go, unless the user has said yes */
export async function deleteRun(link: string, { yes, ...flags }: DeleteFlags): Promise<void> {
  const { client, run, host } = requireHost(link, flags);
  if (!yes) {
    // A key that does not allow it is told first.
    await host.about();
    const { spec, view } = await client.run(run);
    throw new UsageError(
      `this deletes ${toOneLine(spec.name)} (${run}) for good, with its versions up to ${view.version} and its ledger: say --yes. To keep its network first: ${commandLineFor('export', client, run)}`,
    );
  }
  const wasThere = await client.run(run).then(
    () => true,
    (error: unknown) => {
      if (isDeleted(error)) return false;
      throw error;
    },
  );
  await host.deleteRun();
  console.log(wasThere ? 'The run is deleted.' : 'The run was deleted before.');
}
