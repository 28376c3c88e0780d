import type { Command } from 'commander';
import { nameFlag } from './flags.ts';
import { addHostKeyFlags, type HostKeyFlags } from './host-key-flags.ts';

/** As `MAX_VOLUNTEER_NAME`, whose file would load the schemas too. */
const MOST_CHARACTERS = 40;

export const renameCommand = (command: Command): Command =>
  addHostKeyFlags(
    command
      .argument('<link>', 'the join link of the run')
      .argument('<volunteer>', 'the name or the id of the volunteer')
      .argument('<name>', 'the name that others see from now on', nameFlag(MOST_CHARACTERS)),
  ).action(async (link: string, volunteer: string, name: string, flags: HostKeyFlags) =>
    (await import('../actions/rename.ts')).rename(link, volunteer, name, flags),
  );
