import { type Command, Option } from 'commander';
import { platformFolder } from '../package-root.ts';

/** By what a command shows that its user is the host of a run. */
export interface HostKeyFlags {
  readonly key?: string;
  readonly folder: string;
}

export const folderFlag = (): Option =>
  new Option(
    '--folder <dir>',
    'the data folder of a platform that runs on this machine: who may read it is its owner, and needs no key',
  ).default(platformFolder);

export const addHostKeyFlags = (command: Command): Command =>
  command
    .addOption(
      new Option(
        '--key <key>',
        'the host key of the run. In HOMEROOM_KEY no other user of this machine can read it',
      ).env('HOMEROOM_KEY'),
    )
    .addOption(folderFlag());
