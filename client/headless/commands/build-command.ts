import { Argument, type Command } from 'commander';
import { buildSteps, type StepName } from '../build/build-steps.ts';

const stepArgument = (): Argument =>
  new Argument('[step]', 'the last step to build')
    .choices(buildSteps.map(({ name }) => name))
    .default('worker');

export const buildCommand = (command: Command): Command =>
  command
    .addArgument(stepArgument())
    .action(async (upTo: StepName) => (await import('../actions/build-and-tell.ts')).buildAndTell(upTo));
