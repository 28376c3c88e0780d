import type { Command } from 'commander';
import type { ArchiveFlags } from '../actions/archive.ts';
import { addHostKeyFlags } from './host-key-flags.ts';

export const archiveCommand = (command: Command): Command =>
  addHostKeyFlags(
    command
      .argument('<link>', 'the join link of the run')
      .option('--back', 'take the run out of the archive', false),
  ).action(async (link: string, flags: ArchiveFlags) =>
    (await import('../actions/archive.ts')).archive(link, flags),
  );
