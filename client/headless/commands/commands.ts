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
      'the main job on this machine: a platform, a run, volunteers; exit 0 when the target accuracy is reached',
    load: async () => (await import('./demo-command.ts')).demoCommand,
  },
  {
    name: 'start',
    description: 'the platform for people: a page to create, join and watch runs',
    load: async () => (await import('./start-command.ts')).startCommand,
  },
  {
    name: 'create',
    description: 'create a run on a platform and print its join link and host key',
    load: async () => (await import('./create-command.ts')).createCommand,
  },
  {
    name: 'plan',
    description: 'where a network is cut, and what each role of a learning plan costs; no platform is needed',
    load: async () => (await import('./plan-command.ts')).planCommand,
  },
  {
    name: 'join',
    description: 'volunteer in a run from this terminal',
    load: async () => (await import('./join-command.ts')).joinCommand,
  },
  {
    name: 'status',
    description: 'the runs of a platform, or how one run stands',
    load: async () => (await import('./status-command.ts')).statusCommand,
  },
  {
    name: 'dataset',
    description: 'data sets of a platform',
    load: async () => (await import('./dataset-command.ts')).datasetCommand,
  },
  {
    name: 'export',
    description: 'write a run’s model as tfjs model.json with weights, and as safetensors',
    load: async () => (await import('./export-command.ts')).exportCommand,
  },
  {
    name: 'build',
    description: 'build what has changed of the training kernels, the pages and the Worker',
    load: async () => (await import('./build-command.ts')).buildCommand,
  },
];
