import type { Command } from 'commander';
import { addHostKeyFlags, type HostKeyFlags } from './host-key-flags.ts';

export const removeCommand = (command: Command): Command =>
  addHostKeyFlags(
    command
      .argument('<link>', 'the join link of the run')
      .argument(
        '<volunteer>',
        'the name or the id of the volunteer, as the page of the run and `status --json` have them',
      ),
  ).action(async (link: string, volunteer: string, flags: HostKeyFlags) =>
    (await import('../actions/remove.ts')).remove(link, volunteer, flags),
  );
