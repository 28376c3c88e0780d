import type { Command } from 'commander';
import type { ExportOptions } from '../actions/export-version.ts';
import { integerFlag, pathFlag } from './flags.ts';

export const exportCommand = (command: Command): Command =>
  command
    .argument('<link>', 'the join link of the run')
    .option('--out <dir>', 'the folder to write to', pathFlag, 'export')
    .option('--version <n>', 'the version to write (default: the newest)', integerFlag(0, 1_000_000))
    .action(async (link: string, options: ExportOptions) =>
      (await import('../actions/export-version.ts')).exportVersion(link, options),
    );
