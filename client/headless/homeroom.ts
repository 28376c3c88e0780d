#!/usr/bin/env node
// This file was the command itself before homeroom.mjs. `npx` keeps the path of a command that it has run once, so this
// path must still be executable.
import { Command, CommanderError, Help } from 'commander';
import { toOneLine } from '../../shared/protocol/one-line.ts';
import { commands } from './commands/commands.ts';
import { packageVersion } from './package-version.ts';

/** The command line. It loads the flags of the command that was asked for, and that command's code when it runs. */
async function createProgram(args: readonly string[]): Promise<Command> {
  const program = new Command('npx homeroom')
    .description('Trains one neural network together, layer by layer, in everyone’s browser.')
    .version(packageVersion(), '-V, --version', 'print the version of this program')
    // Behind a command, `--version 3` is that command's own flag.
    .enablePositionalOptions();
  const asked = args[0] === 'help' ? args[1] : args[0];
  for (const { name, description, load } of commands) {
    const command = new Command(name).description(description);
    program.addCommand(name === asked ? (await load())(command) : command);
  }
  return program;
}

/**
 * The words of a command that there is not, if help is asked for it: `help nope`, `help dataset nope`, `dataset help nope`.
 * Commander itself would show other help and say nothing. Null if help is not asked for, or the command is there.
 */
function unknownIn(program: Command, args: readonly string[]): readonly string[] | null {
  const asksAt = args.slice(0, 2).indexOf('help');
  if (asksAt < 0) return null;
  const words = args.filter((_, at) => at !== asksAt);
  let command: Command | undefined = program;
  for (const [at, word] of words.entries()) {
    if (command.commands.length === 0 || word === 'help') return null;
    command = command.commands.find(sub => sub.name() === word);
    if (!command) return words.slice(0, at + 1);
  }
  return null;
}

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
  console.error(`homeroom: ${toOneLine(error.message)}${whatToDo(error)}`);
  return isBuild ? Number(error.status) : 2;
}

/** Says where help is. Commander's own errors end with it. */
function tellUsage(command: Command): string {
  const names = [];
  for (let at: Command | null = command; at; at = at.parent) names.unshift(at.name());
  return `(\`${names.join(' ')} --help\` tells how)`;
}

/** Commander calls an argument by a name of its own. */
const inPlainWords = (line: string): string =>
  line
    .replace(/^error: /, '')
    .replace(/^command-argument value ('.*') is invalid for argument '([^']*)'\./, '$1 is no $2.');

/** A flag that is off and a list that is empty are no news. */
const isNothing = (value: unknown): boolean =>
  value === false || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);

/** What all commands have in common. A command that is added takes nothing over by itself. */
function setUp(command: Command): void {
  command.helpOption('-h, --help', 'show this help').configureHelp({
    optionDescription(option) {
      if (isNothing(option.defaultValue)) option.default(undefined);
      return Help.prototype.optionDescription.call(this, option);
    },
  });
  if (command.commands.length > 0) command.helpCommand('help [command]', 'show the help of a command');
  command.exitOverride().configureOutput({
    outputError: (text, write) => {
      // It names what the user has typed.
      const line = text.trim().split('\n').map(toOneLine).join(' ');
      write(`homeroom: ${inPlainWords(line)} ${tellUsage(command)}\n`);
    },
  });
  for (const sub of command.commands) setUp(sub);
}

/** What helps against an error whose own words, which the pages show too, do not say it. */
function whatToDo(error: Error): string {
  if (error.name === 'UnreachableError')
    return ': check the address, and whether `npx homeroom start` runs there';
  if ('isPlatforms' in error && error.isPlatforms === false)
    return ': check the address. Something that is no Homeroom platform may reply there';
  const detail = 'reason' in error && error.reason === 'not-found' && 'detail' in error ? error.detail : '';
  if (/^volunteer /.test(String(detail))) return ': `npx homeroom status LINK --json` lists all volunteers';
  return '';
}

const program = await createProgram(process.argv.slice(2));
setUp(program);
try {
  const args = process.argv.slice(2);
  // Given without `help`, it is refused with the command that may be meant.
  await program.parseAsync(unknownIn(program, args) ?? args, { from: 'user' });
} catch (error) {
  process.exitCode = exitStatus(error);
}
