import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { packageRoot } from '../package-root.ts';
import { UsageError } from '../terminal/usage-error.ts';
import { BuildFailure } from './build-failure.ts';
import { whileLocked } from './build-lock.ts';
import { type BuildStep, buildSteps, type StepName } from './build-steps.ts';
import { runTools } from './run-tools.ts';
import { hashInputs, isUpToDate, removeStamp, writeStamp } from './stamp.ts';
import { type LineStream, tellStep } from './step-line.ts';

export interface BuildOptions {
  readonly root?: string;
  readonly steps?: readonly BuildStep[];
  /** People read here what is being done. It is standard error, because some commands print JSON to standard output. */
  readonly stream?: LineStream;
}

/**
 * Goes through the steps up to this one. Builds a step if its inputs have changed or its output is missing or damaged.
 * Says nothing if there is nothing to do.
 * @returns the steps that were built
 * @throws BuildFailure if a tool fails, UsageError if the folder cannot be written
 */
export async function buildUpTo(upTo: StepName, options: BuildOptions = {}): Promise<StepName[]> {
  const { root = packageRoot, steps = buildSteps, stream = process.stderr } = options;
  const wanted = steps.slice(0, steps.findIndex(({ name }) => name === upTo) + 1);
  if (wanted.every(step => isUpToDate(root, step))) return [];
  const onWait = (): void => void stream.write('Waiting for another build to end…\n');
  const lock = join(root, '.cache/build/lock');
  try {
    return await whileLocked(lock, () => buildStale(root, wanted, stream), onWait);
  } catch (error) {
    throw isDenied(error) ? new UsageError(`cannot build in ${root}: ${error.message}`) : error;
  }
}

/** Whether nothing can be written there: it is forbidden, or a file stands in the place of a folder. */
const isDenied = (error: unknown): error is Error =>
  error instanceof Error &&
  'code' in error &&
  ['EACCES', 'EPERM', 'EROFS', 'EEXIST', 'ENOTDIR'].includes(String(error.code));

/** Looks at each step only after the one before it was built, because the output of one is an input of the next. */
async function buildStale(
  root: string,
  steps: readonly BuildStep[],
  stream: LineStream,
): Promise<StepName[]> {
  const built: StepName[] = [];
  for (const [i, step] of steps.entries()) {
    if (isUpToDate(root, step)) continue;
    await buildStep(root, step, `${i + 1} of ${steps.length}`, stream);
    built.push(step.name);
  }
  return built;
}

async function buildStep(root: string, step: BuildStep, place: string, stream: LineStream): Promise<void> {
  const inputs = hashInputs(root, step);
  removeStamp(root, step);
  const folder = await emptyFolder(root);
  const line = tellStep(step.makes, place, stream);
  const { status, output } = await runTools(root, step.tools(folder));
  if (status === 0) line.done();
  else line.failed();
  stream.write(output);
  if (status !== 0) throw new BuildFailure(step.makes, status);
  await replaceFolder(folder, join(root, step.output));
  writeStamp(root, step, inputs);
}

const BUILDING = '.building-';

/**
 * The folder lies beside dist/worker, so that the paths in a source map still hold after it was moved there. Each process
 * has its own: a tool of a build that was killed may still run, and write into the folder of that build.
 */
async function emptyFolder(root: string): Promise<string> {
  const dist = join(root, 'dist');
  await mkdir(dist, { recursive: true });
  const leftOver = (await readdir(dist)).filter(name => name.startsWith(BUILDING));
  for (const name of leftOver) await rm(join(dist, name), { recursive: true, force: true, maxRetries: 3 });
  const folder = join(dist, `${BUILDING}${process.pid}`);
  await mkdir(folder);
  return folder;
}

/** Moves the whole folder at once, because a test or a platform may be reading the old one. */
async function replaceFolder(made: string, folder: string): Promise<void> {
  const old = `${made}.old`;
  await rm(old, { recursive: true, force: true });
  await mkdir(dirname(folder), { recursive: true });
  if (existsSync(folder)) await rename(folder, old);
  await rename(made, folder);
  await rm(old, { recursive: true, force: true });
}
