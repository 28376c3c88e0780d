import { type Command, Option } from 'commander';
import { platformFolder } from '../package-root.ts';
import { pathFlag } from './flags.ts';

/** By what a command shows that its user is the host of a run. */
export interface HostKeyFlags {
  readonly key?: string;
  readonly folder: string;
}

export const folderFlag = (): Option =>
  new Option(
    '--folder <dir>',
    'the data folder of a platform on this machine: whoever may read it owns the platform, and needs no key',
  )
    .default(platformFolder)
    .argParser(pathFlag);

export const addHostKeyFlags = (command: Command): Command =>
  command
    .addOption(
      new Option(
        '--key <key>',
        'the host key of the run. Better in the variable HOMEROOM_KEY: no other user of this machine can read that',
      ).env('HOMEROOM_KEY'),
    )
    .addOption(folderFlag());
