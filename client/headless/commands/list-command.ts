import { type Command, Option } from 'commander';
import type { ListFlags } from '../actions/list-runs.ts';
import { folderFlag } from './host-key-flags.ts';

/** The deployment key. HOMEROOM_KEY may hold the key of a run, with which only public runs are listed. */
const listKeyFlag = (): Option =>
  new Option(
    '--key <key>',
    'the deployment key: with it, runs are listed too that are not public. Better in the variable HOMEROOM_KEY: no other user of this machine can read that',
  ).env('HOMEROOM_KEY');

export const listCommand = (command: Command): Command =>
  command
    .argument('[url]', 'the address of the platform', 'http://localhost:8787')
    .option('--archived', 'with the runs in the archive', false)
    .addOption(listKeyFlag())
    .addOption(folderFlag())
    .option('--json', 'print JSON for a script', false)
    .action(async (url: string, flags: ListFlags) =>
      (await import('../actions/list-runs.ts')).listRuns(url, flags),
    );
