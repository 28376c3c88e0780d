import { toOneLine } from '../../../shared/protocol/one-line.ts';
import type { HostKeyFlags } from '../commands/host-key-flags.ts';
import { UsageError } from '../terminal/usage-error.ts';
import { requireHost } from './require-host.ts';

/** @param who a volunteer's id, or a name that one volunteer alone has */
export async function remove(link: string, who: string, flags: HostKeyFlags): Promise<void> {
  const { client, run, host } = requireHost(link, flags);
  const volunteers = Object.values((await client.run(run)).view.volunteers);
  const named = volunteers.filter(({ name, removed }) => name === who && !removed);
  if (named.length > 1)
    throw new UsageError(
      `${named.length} volunteers are called ${toOneLine(who)}: name one by its id, which is ${named.map(({ volunteer }) => volunteer).join(' or ')}`,
    );
  await host.removeVolunteer(named[0]?.volunteer ?? who);
  console.log(`Removed ${toOneLine(who)}. What was accepted before counts; nothing more will be.`);
}
