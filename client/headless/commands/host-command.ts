import type { Command } from 'commander';
import type { HostFlags } from '../actions/tell-host.ts';
import { addHostKeyFlags } from './host-key-flags.ts';

export const hostCommand = (command: Command): Command =>
  addHostKeyFlags(
    command.argument('<link>', 'the join link of the run').option('--json', 'print JSON for a script', false),
  ).action(async (link: string, flags: HostFlags) =>
    (await import('../actions/tell-host.ts')).tellHost(link, flags),
  );
