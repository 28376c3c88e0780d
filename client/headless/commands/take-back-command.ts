import type { Command } from 'commander';
import { integerFlag } from './flags.ts';
import { addHostKeyFlags, type HostKeyFlags } from './host-key-flags.ts';

export const takeBackCommand = (command: Command): Command =>
  addHostKeyFlags(
    command
      .argument('<link>', 'the join link of the run')
      .argument(
        '[version]',
        'the version to return to; without it, those that are kept are listed',
        integerFlag(0, 1_000_000),
      ),
  ).action(async (link: string, version: number | undefined, flags: HostKeyFlags) =>
    (await import('../actions/take-back.ts')).takeBack(link, version, flags),
  );
