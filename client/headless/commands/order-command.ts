import type { Command } from 'commander';
import type { ControlAction } from '../../../shared/protocol/messages.ts';
import { addHostKeyFlags, type HostKeyFlags } from './host-key-flags.ts';

/** The commands that open, pause and resume a run. */
export const orderCommand =
  (action: ControlAction) =>
  (command: Command): Command =>
    addHostKeyFlags(command.argument('<link>', 'the join link of the run')).action(
      async (link: string, flags: HostKeyFlags) =>
        (await import('../actions/order.ts')).order(link, action, flags),
    );

/** [CLOSE5] The command that finishes a run. */
export const finishCommand = (command: Command): Command =>
  addHostKeyFlags(command.argument('<link>', 'the join link of the run'))
    .option('--now', 'do not wait until the last version is tested: the run then says “not tested”', false)
    .action(async (link: string, { now, ...flags }: HostKeyFlags & { readonly now: boolean }) =>
      (await import('../actions/order.ts')).order(link, now ? 'finish-now' : 'finish', flags),
    );
