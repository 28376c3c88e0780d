import type { Command } from 'commander';
import { MAX_ROUNDS } from '../../../shared/protocol/run-spec.ts';
import type { ReplayFlags } from '../actions/replay.ts';
import { integerFlag } from './flags.ts';

const version = integerFlag(1, MAX_ROUNDS);

export const replayCommand = (command: Command): Command =>
  command
    .argument('<link>', 'the join link of the run')
    .option(
      '--from <n>',
      'the first version to recompute (default: the oldest whose updates are kept)',
      version,
    )
    .option('--to <n>', 'the last version to recompute (default: the newest)', version)
    .option('--json', 'print JSON for a script', false)
    .action(async (link: string, flags: ReplayFlags) =>
      (await import('../actions/replay.ts')).replay(link, flags),
    );
