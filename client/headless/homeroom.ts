#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { demoCommand } from './commands/demo-command.ts';
import { UsageError } from './usage-error.ts';

const program = new Command('homeroom')
  .description('Trains one neural network together, layer by layer, in everyone’s browser.')
  .showHelpAfterError('(--help tells the options)')
  .addCommand(demoCommand());

/** Wrong usage in one line, exit status 2; help asked for is no error. Anything else is a bug and keeps its stack. */
function exitStatus(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (!(error instanceof UsageError)) throw error;
  console.error(`homeroom: ${error.message}`);
  return 2;
}

function exitByThrowing(command: Command): void {
  command.exitOverride();
  for (const sub of command.commands) exitByThrowing(sub);
}

exitByThrowing(program);
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitStatus(error);
}
