import { toOneLine } from '../../../shared/protocol/one-line.ts';
import type { HostKeyFlags } from '../commands/host-key-flags.ts';
import { requireHost } from './require-host.ts';
import { volunteerCalled } from './volunteer-called.ts';

/** @param who a volunteer's id, or a name that one volunteer alone has */
export async function remove(link: string, who: string, flags: HostKeyFlags): Promise<void> {
  const { client, run, host } = requireHost(link, flags);
  await host.removeVolunteer(await volunteerCalled(client, run, who));
  console.log(`Removed ${toOneLine(who)}. What was accepted before counts; nothing more will be.`);
}
