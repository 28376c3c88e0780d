import type { HostKeyFlags } from '../commands/host-key-flags.ts';
import { commandLineFor } from '../terminal/command-line-for.ts';
import { requireHost } from './require-host.ts';

export interface ArchiveFlags extends HostKeyFlags {
  readonly back: boolean;
}

export async function archive(link: string, { back, ...flags }: ArchiveFlags): Promise<void> {
  const { client, run, host } = requireHost(link, flags);
  await host.archive(!back);
  console.log(
    back
      ? 'The run is out of the archive, as it was before.'
      : `The run is archived: it is not listed, and nothing in it changes. To take it out again: ${commandLineFor('archive', client, run, '--back')}`,
  );
}
