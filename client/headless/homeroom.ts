#!/usr/bin/env node
// This file was the command itself before homeroom.mjs. `npx` keeps the path of a command that it has run once, so this
// path must still be executable.
import { Command, CommanderError } from 'commander';
import { toOneLine } from '../../shared/protocol/one-line.ts';
import { commands } from './commands/commands.ts';
import { packageVersion } from './package-version.ts';

/** The command line. It loads the flags of the command that was asked for, and that command's code when it runs. */
async function createProgram(args: readonly string[]): Promise<Command> {
  const program = new Command('homeroom')
    .description('Trains one neural network together, layer by layer, in everyone’s browser.')
    .version(packageVersion(), '-V, --version', 'print the version of this program');
  const asked = args[0] === 'help' ? args[1] : args[0];
  for (const { name, description, load } of commands) {
    const command = new Command(name).description(description);
    program.addCommand(name === asked ? (await load())(command) : command);
  }
  return program;
}

/** Of which command help is asked for that there is not. Commander itself would show the help of all. */
const unknownIn = ([first, asked]: readonly string[]): string | null =>
  first === 'help' && asked !== undefined && asked !== 'help' && !isCommand(asked) ? asked : null;

const isCommand = (name: string): boolean => commands.some(command => command.name === name);

/**
 * Errors that the user can mend. They are known by name, because their classes would load half of the code, and because
 * a trainer's thread sends names and no classes.
 */
const expected = [
  ...['UsageError', 'RefusedError', 'UnreachableError', 'DamagedError', 'OtherVersionError'],
  ...['ExportRefusal', 'ModelRefusal', 'ReplayRefusal'],
];

/**
 * An error that the user can mend is told in one line and gives status 2. Help that was asked for is no error. A failed
 * build gives its tool's status. Everything else is a bug and is shown with its stack.
 */
function exitStatus(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (!(error instanceof Error)) throw error;
  const isBuild = error.name === 'BuildFailure' && 'status' in error && typeof error.status === 'number';
  if (!isBuild && !expected.includes(error.name)) throw error;
  // A message names what people and files are called, and such a name must not end its line or move the cursor.
  console.error(
    `homeroom: ${toOneLine(error.message)}${error.name === 'UnreachableError' ? IS_ONE_THERE : ''}`,
  );
  return isBuild ? Number(error.status) : 2;
}

/** Says where help is. Commander's own errors end with it. */
function tellUsage(command: Command): string {
  const names = [];
  for (let at: Command | null = command; at; at = at.parent) names.unshift(at.name());
  return `(\`${names.join(' ')} --help\` tells how)`;
}

function exitByThrowing(command: Command): void {
  command.exitOverride().configureOutput({
    outputError: (text, write) => {
      // It names what the user has typed.
      const line = text.trim().split('\n').map(toOneLine).join(' ');
      write(`${line.replace(/^error:/, 'homeroom:')} ${tellUsage(command)}\n`);
    },
  });
  for (const sub of command.commands) exitByThrowing(sub);
}

const IS_ONE_THERE = ': check the address, and whether `homeroom start` runs there';

const program = await createProgram(process.argv.slice(2));
exitByThrowing(program);
try {
  const unknown = unknownIn(process.argv.slice(2));
  if (unknown !== null) program.error(`unknown command '${unknown}'`);
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitStatus(error);
}
