import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Argument, InvalidArgumentError, Option } from 'commander';
import { JOIN_CODE_LENGTH, plainJoinCode } from '../../../shared/protocol/join-code.ts';
import { zooNames } from '../../../shared/protocol/model-zoo.ts';
import { isPlain } from '../../../shared/protocol/one-line.ts';
import type { BackendChoice } from '../../trainer/trainer-api.ts';

/** Reads a whole number within bounds. */
export const integerFlag =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It takes a whole number from ${least} to ${most}.`);
  };

export function shareFlag(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('It takes a share from 0 to 1, such as 0.95.');
}

/** Reads a target. Every network reaches 0. */
export function targetFlag(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= 1) return value;
  throw new InvalidArgumentError('It takes a share above 0 and up to 1, such as 0.95.');
}

/** Reads a name that others will see. A longer one than `most` characters is refused. */
export const nameFlag =
  (most: number) =>
  (text: string): string => {
    if (isName(text) && text.trim().length <= most) return text;
    throw new InvalidArgumentError(`It takes one line of 1 to ${most} characters that can be seen.`);
  };

/** A name that is cut to its length where it is used. */
export function longNameFlag(text: string): string {
  if (isName(text)) return text;
  throw new InvalidArgumentError('It takes one line of characters that can be seen, at least 1.');
}

/** Reads the join code of a new run. An empty one, as of a variable that is not set, would leave the run open to everybody. */
export function newCodeFlag(text: string): string {
  const { min, max } = JOIN_CODE_LENGTH;
  if (isName(text) && plainJoinCode(text).length >= min && text.length <= max) return text;
  throw new InvalidArgumentError(
    `It takes ${min} to ${max} characters that can be seen. Spaces and hyphens do not count.`,
  );
}

const isName = (text: string): boolean => text.trim() !== '' && isPlain(text);

/** Reads a path. An empty one, as of a variable that is not set, would be the folder that the command runs in. */
export function pathFlag(text: string): string {
  if (text.trim() !== '') return text;
  throw new InvalidArgumentError('It takes the path of a file or a folder.');
}

export const choiceFlag = (
  flags: string,
  description: string,
  choices: readonly string[],
  standard?: string,
): Option => {
  const option = new Option(flags, description).choices([...choices]);
  return standard === undefined ? option : option.default(standard);
};

/** Whether this is a path of the user's own network, not a name in the zoo. */
export const isModelPath = (model: string): boolean =>
  !zooNames.includes(model) && (isWrittenAsPath.test(model) || existsSync(model));

const isWrittenAsPath = /[/\\]|\.(json|h5|hdf5|keras|pb|zip|bin)$/i;

const modelTexts = `${zooNames.join(', ')}; or a model.json of tf.layers or Keras with its weights beside it, or their folder`;

function readModel(text: string): string {
  if (zooNames.includes(text) || isModelPath(text)) return text;
  throw new InvalidArgumentError(
    `There is no such network, and no such file. It takes ${plainNames.join(', ')}, or the path of a model.json or of its folder. Those from ${normedNames[0]} on can end in ${BATCH_NORM}, for batch norm.`,
  );
}

const BATCH_NORM = '-bn';
const plainNames = zooNames.filter(name => !name.endsWith(BATCH_NORM));
const normedNames = plainNames.filter(name => zooNames.includes(name + BATCH_NORM));

export const modelFlag = (): Option =>
  new Option('--model <name|path>', `${modelTexts} (default: cnn; mlp for a table)`).argParser(readModel);

export const modelArgument = (): Argument => new Argument('<model>', modelTexts).argParser(readModel);

export const augmentFlag = (): Option =>
  new Option(
    '--augment <how>',
    'how training examples are changed (default: what suits the data set)',
  ).choices(['none', 'flip-and-crop']);

export const backendFlag = (standard: BackendChoice): Option =>
  choiceFlag(
    '--backend <name>',
    'what to train on: webgpu is the graphics card, wasm and cpu the processor (cpu is slow), auto the best of them',
    ['auto', 'webgpu', 'wasm', 'cpu'],
    standard,
  );

/** With more threads a kernel's share of the work would be too small to gain anything. */
const MOST_AUTO_THREADS = 8;

/** A volunteer is a guest on the machine, so half of the cores are left to others. */
const autoThreads = (): number => Math.min(MOST_AUTO_THREADS, Math.ceil(availableParallelism() / 2));

const readThreads = integerFlag(1, 64);

export const threadsFlag = (): Option =>
  new Option('--threads <n>', 'the most threads to use on the processor; auto: half of the cores, at most 8')
    .default(autoThreads(), 'auto')
    .argParser(text => (text === 'auto' ? autoThreads() : readThreads(text)));

export const platformFlag = (): Option =>
  new Option('--to <url>', 'the address of the platform').default('http://localhost:8787').argParser(text => {
    if (/^https?:\/\/[^/]+\/?$/.test(text)) return text;
    throw new InvalidArgumentError('It takes the address of a platform, such as http://localhost:8787.');
  });

export const keyFlag = (): Option =>
  new Option(
    '--key <key>',
    'the deployment key, if the platform asks for it. Better in the variable HOMEROOM_KEY: no other user of this machine can read that',
  ).env('HOMEROOM_KEY');
