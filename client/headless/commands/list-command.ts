import type { Command } from 'commander';
import type { ListFlags } from '../actions/list-runs.ts';

export const listCommand = (command: Command): Command =>
  command
    .argument('[url]', 'the address of the platform', 'http://localhost:8787')
    .option('--archived', 'with the runs in the archive', false)
    .option('--json', 'print JSON for a script', false)
    .action(async (url: string, flags: ListFlags) =>
      (await import('../actions/list-runs.ts')).listRuns(url, flags),
    );
