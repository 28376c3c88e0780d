import type { Command } from 'commander';
import type { StorageFlags } from '../actions/tell-storage.ts';
import { keyFlag } from './flags.ts';
import { folderFlag } from './host-key-flags.ts';

export const storageCommand = (command: Command): Command =>
  command
    .argument('[url]', 'the address of the platform', 'http://localhost:8787')
    .addOption(keyFlag())
    .addOption(folderFlag())
    .option('--count', 'have it counted anew and wait for that', false)
    .option('--json', 'print JSON for a script', false)
    .action(async (url: string, flags: StorageFlags) =>
      (await import('../actions/tell-storage.ts')).tellStorage(url, flags),
    );
