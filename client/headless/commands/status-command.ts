import type { Command } from 'commander';
import type { StatusOptions } from '../actions/tell-status.ts';

export const statusCommand = (command: Command): Command =>
  command
    .argument('<url>', 'the address of a platform, or a join link')
    .option('--json', 'print JSON for a script', false)
    .action(async (url: string, options: StatusOptions) =>
      (await import('../actions/tell-status.ts')).tellStatus(url, options),
    );
