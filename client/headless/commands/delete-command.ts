import type { Command } from 'commander';
import type { DeleteFlags } from '../actions/delete-run.ts';
import { addHostKeyFlags } from './host-key-flags.ts';

export const deleteCommand = (command: Command): Command =>
  addHostKeyFlags(
    command
      .argument('<link>', 'the join link of the run')
      .option('--yes', 'delete it: without this, you are told what would go', false),
  ).action(async (link: string, flags: DeleteFlags) =>
    (await import('../actions/delete-run.ts')).deleteRun(link, flags),
  );
