import { toOneLine } from '../../../shared/protocol/one-line.ts';
import type { HostKeyFlags } from '../commands/host-key-flags.ts';
import { requireHost } from './require-host.ts';
import { volunteerCalled } from './volunteer-called.ts';

/** @param who a volunteer's id, or a name that one volunteer alone has */
export async function rename(link: string, who: string, name: string, flags: HostKeyFlags): Promise<void> {
  const { client, run, host } = requireHost(link, flags);
  await host.renameVolunteer(await volunteerCalled(client, run, who), name);
  console.log(`${toOneLine(who)} is called ${toOneLine(name.trim())} now.`);
}
