#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { ExportRefusal } from '../host/export-run.ts';
import { RefusedError, UnreachableError } from '../platform/call-platform.ts';
import { createCommand } from './commands/create-command.ts';
import { datasetCommand } from './commands/dataset-command.ts';
import { demoCommand } from './commands/demo-command.ts';
import { exportCommand } from './commands/export-command.ts';
import { joinCommand } from './commands/join-command.ts';
import { planCommand } from './commands/plan-command.ts';
import { startCommand } from './commands/start-command.ts';
import { statusCommand } from './commands/status-command.ts';
import { UsageError } from './terminal/usage-error.ts';

const program = new Command('homeroom')
  .description('Trains one neural network together, layer by layer, in everyone’s browser.')
  .addCommand(demoCommand())
  .addCommand(startCommand())
  .addCommand(createCommand())
  .addCommand(planCommand())
  .addCommand(joinCommand())
  .addCommand(statusCommand())
  .addCommand(datasetCommand())
  .addCommand(exportCommand());

/** What the user can mend is told in one line, exit status 2; help asked for is no error. The rest are bugs with a stack. */
function exitStatus(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const expected = [UsageError, RefusedError, UnreachableError, ExportRefusal];
  if (!expected.some(kind => error instanceof kind) && !isModelRefusal(error)) throw error;
  console.error(`homeroom: ${(error as Error).message}`);
  return 2;
}

/** Of a network, by the trainer: from its thread an error comes with its name, not with its class. */
const isModelRefusal = (error: unknown): boolean => error instanceof Error && error.name === 'ModelRefusal';

/** Commander's own errors in the words of the rest, with where to look. */
function tellUsage(command: Command): string {
  const names = [];
  for (let at: Command | null = command; at; at = at.parent) names.unshift(at.name());
  return `(\`${names.join(' ')} --help\` tells how)`;
}

function exitByThrowing(command: Command): void {
  command.exitOverride().configureOutput({
    outputError: (text, write) =>
      write(`${text.trim().replace(/^error:/, 'homeroom:')} ${tellUsage(command)}\n`),
  });
  for (const sub of command.commands) exitByThrowing(sub);
}

exitByThrowing(program);
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitStatus(error);
}
