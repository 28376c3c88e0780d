import type { Command } from 'commander';
import type { DoctorFlags } from '../actions/doctor.ts';
import { integerFlag } from './flags.ts';
import { folderFlag } from './host-key-flags.ts';

const DEFAULT_PORT = 8787;

export const doctorCommand = (command: Command): Command =>
  command
    .option('--port <n>', 'the port on which the platform is to listen', integerFlag(1, 65_535), DEFAULT_PORT)
    .addOption(folderFlag())
    .option('--json', 'print JSON for a script', false)
    .action(async (flags: DoctorFlags) => (await import('../actions/doctor.ts')).doctor(flags));
