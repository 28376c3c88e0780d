import type { Command } from 'commander';
import type { ControlAction } from '../../../shared/protocol/messages.ts';
import { addHostKeyFlags, type HostKeyFlags } from './host-key-flags.ts';

/** The commands that open, pause, resume and finish a run. */
export const orderCommand =
  (action: ControlAction) =>
  (command: Command): Command =>
    addHostKeyFlags(command.argument('<link>', 'the join link of the run')).action(
      async (link: string, flags: HostKeyFlags) =>
        (await import('../actions/order.ts')).order(link, action, flags),
    );
