import type { Command } from 'commander';

/**
 * A command's name and what it does. Its flags are loaded only if somebody asks for this command: loading all takes
 * long.
 */
export interface CommandEntry {
  readonly name: string;
  readonly description: string;
  readonly load: () => Promise<(command: Command) => Command>;
}

/** In the order in which `--help` lists them. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'demo',
    description:
      'train a network on this machine: a platform, a run and volunteers; exit 0 if the target accuracy is reached',
    load: async () => (await import('./demo-command.ts')).demoCommand,
  },
  {
    name: 'start',
    description: 'start the platform for people, with pages to create, join and watch runs',
    load: async () => (await import('./start-command.ts')).startCommand,
  },
  {
    name: 'create',
    description: 'create a run on a platform and print its join link and host key',
    load: async () => (await import('./create-command.ts')).createCommand,
  },
  {
    name: 'plan',
    description:
      'show into which parts a network is cut and what each of them costs a device; needs no platform',
    load: async () => (await import('./plan-command.ts')).planCommand,
  },
  {
    name: 'join',
    description: 'train in a run from this terminal, as a volunteer',
    load: async () => (await import('./join-command.ts')).joinCommand,
  },
  {
    name: 'status',
    description: 'list the runs of a platform, or show how one run stands',
    load: async () => (await import('./status-command.ts')).statusCommand,
  },
  {
    name: 'list',
    description: 'list the runs of a platform, with dates, state and people here',
    load: async () => (await import('./list-command.ts')).listCommand,
  },
  {
    name: 'open',
    description: 'open your run: whoever has joined is given work',
    load: async () => (await import('./order-command.ts')).orderCommand('open'),
  },
  {
    name: 'pause',
    description: 'pause your run: no work is given out until you resume it',
    load: async () => (await import('./order-command.ts')).orderCommand('pause'),
  },
  {
    name: 'resume',
    description: 'go on with your run after a pause',
    load: async () => (await import('./order-command.ts')).orderCommand('resume'),
  },
  {
    name: 'finish',
    description: 'end your run for good, once its last version is tested; its versions stay',
    load: async () => (await import('./order-command.ts')).finishCommand,
  },
  {
    name: 'archive',
    description: 'hide your run from the list, so that nothing in it changes; --back takes it out again',
    load: async () => (await import('./archive-command.ts')).archiveCommand,
  },
  {
    name: 'delete',
    description: 'delete your run for good, with all that it left',
    load: async () => (await import('./delete-command.ts')).deleteCommand,
  },
  {
    name: 'host',
    description: 'show the join code of your run and the link that makes another browser its host',
    load: async () => (await import('./host-command.ts')).hostCommand,
  },
  {
    name: 'rename',
    description: 'give a volunteer of your run another name',
    load: async () => (await import('./rename-command.ts')).renameCommand,
  },
  {
    name: 'key',
    description: 'make, list and revoke keys for referees of your run, or renew its host key',
    load: async () => (await import('./key-command.ts')).keyCommand,
  },
  {
    name: 'remove',
    description: 'remove a volunteer from your run',
    load: async () => (await import('./remove-command.ts')).removeCommand,
  },
  {
    name: 'dataset',
    description: 'add a data set to a platform, or list those that are there',
    load: async () => (await import('./dataset-command.ts')).datasetCommand,
  },
  {
    name: 'export',
    description:
      'write a run’s network to a folder: for TensorFlow.js, as safetensors, and with a page that classifies',
    load: async () => (await import('./export-command.ts')).exportCommand,
  },
  {
    name: 'take-back',
    description:
      'return a run to an older version, if the newest ones are bad; without a version it lists those that are kept',
    load: async () => (await import('./take-back-command.ts')).takeBackCommand,
  },
  {
    name: 'replay',
    description:
      'recompute every version of a run from its ledger and its updates; exit 0 if all are the same, 1 if one differs',
    load: async () => (await import('./replay-command.ts')).replayCommand,
  },
  {
    name: 'storage',
    description: 'show what a platform of yours has stored, and for which runs and data sets',
    load: async () => (await import('./storage-command.ts')).storageCommand,
  },
  {
    name: 'cost',
    description:
      'reckon what a class or a crowd uses of Cloudflare’s free plan and costs on the paid one; needs no platform',
    load: async () => (await import('./cost-command.ts')).costCommand,
  },
  {
    name: 'doctor',
    description: 'say what this machine has and lacks for Homeroom, and how to fix it',
    load: async () => (await import('./doctor-command.ts')).doctorCommand,
  },
  {
    name: 'build',
    description: 'build the training kernels, the pages and the Worker, each only if it has changed',
    load: async () => (await import('./build-command.ts')).buildCommand,
  },
];
