import { hostname } from 'node:os';
import type { Command } from 'commander';
import type { JoinOptions } from '../actions/join.ts';
import { backendFlag, integerFlag, longNameFlag, threadsFlag } from './flags.ts';

/** As `defaultWorkLimits`, whose file would load the schemas too. */
const MOST_MINUTES = 15;
const MOST_DOWNLOAD_MB = 500;

export const joinCommand = (command: Command): Command =>
  command
    .argument('<link>', 'the join link, as the run page shows it, or a referee’s link')
    .option('--name <name>', 'the name that others see', longNameFlag, hostname())
    .option('--code <code>', 'the join code, if the run has one')
    .option(
      '--referee',
      'join as referee, with the host key or a referee’s key in HOMEROOM_KEY, which no other user of this machine can read. A referee’s link does the same, but they see it while the command runs',
      false,
    )
    .addOption(backendFlag('auto'))
    .addOption(threadsFlag())
    .option(
      '--memory <mb>',
      'the most memory that training may take, in MB (default: a share of what is free)',
      integerFlag(1, 10_000_000),
    )
    .option(
      '--most-minutes <n>',
      'the longest that one task may take here; a task that asks for more is given back',
      integerFlag(1, 10_000),
      MOST_MINUTES,
    )
    .option(
      '--most-download <mb>',
      'the most that one task may download, in MB; a task that asks for more is given back',
      integerFlag(1, 10_000_000),
      MOST_DOWNLOAD_MB,
    )
    .action(async (link: string, options: JoinOptions) =>
      (await import('../actions/join.ts')).join(link, options),
    );
