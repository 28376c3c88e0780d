import { hostPage } from '../../../shared/protocol/paths.ts';
import type { HostKeyFlags } from '../commands/host-key-flags.ts';
import { commandLineFor } from '../terminal/command-line-for.ts';
import { toJsonLine } from '../terminal/terminal.ts';
import { requireHost } from './require-host.ts';

export interface HostFlags extends HostKeyFlags {
  readonly json: boolean;
}

/** What only a host is told. The deployment key is put into no link: it opens every run. */
export async function tellHost(link: string, { json, ...flags }: HostFlags): Promise<void> {
  const { client, run, host, key } = requireHost(link, flags);
  const details = await host.about();
  const { needsCode } = await client.run(run);
  const page = details.caller === 'host' ? client.origin + hostPage(run, key) : null;
  if (json) return console.log(toJsonLine({ ...details, link: page }));
  console.log(
    `Join code  ${details.joinCode ?? (needsCode ? 'kept as a hash only, by an older release' : 'none')}`,
  );
  console.log(
    page === null
      ? `Host link  only the host key makes one: set HOMEROOM_KEY to it. To make another key: ${commandLineFor('key renew', client, run)}`
      : `Host link  ${page}\nWhoever opens that is the host of this run.`,
  );
}
