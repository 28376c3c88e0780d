import { accessSync, constants, existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Dataset, isTable } from '../../../shared/protocol/dataset.ts';
import { errorText } from '../../../shared/protocol/error-text.ts';
import type { RunInfo } from '../../../shared/protocol/messages.ts';
import { networkIfUnnamed } from '../../../shared/protocol/model-zoo.ts';
import { runPage } from '../../../shared/protocol/paths.ts';
import { explainPause } from '../../../shared/protocol/pause.ts';
import type { PlanSpec } from '../../../shared/protocol/plan-spec.ts';
import type { RunView } from '../../../shared/protocol/run-view.ts';
import { type CreateRunOptions, createRun } from '../../host/create-run.ts';
import { openViewSocket } from '../../platform/event-socket.ts';
import { HomeroomClient } from '../../platform/homeroom-client.ts';
import type { BackendChoice } from '../../trainer/trainer-api.ts';
import { buildUpTo } from '../build/build-up-to.ts';
import { describedSpec } from '../commands/described-spec.ts';
import type { RunFlags } from '../commands/run-flags.ts';
import { isFolder } from '../files/is-folder.ts';
import { type NamedModelFiles, readOwnModel } from '../files/read-model-files.ts';
import { type Platform, startPlatform } from '../local-platform/local-platform.ts';
import { packageRoot } from '../package-root.ts';
import { whenAborted } from '../terminal/interrupt.ts';
import { many } from '../terminal/many.ts';
import { RoundTable, showStatus } from '../terminal/round-table.ts';
import { clearStatus, formatBytes, printLine } from '../terminal/terminal.ts';
import { UsageError } from '../terminal/usage-error.ts';
import { startTrainer, type TrainerThread } from '../trainer-thread/start-trainer.ts';
import { type HeadlessVolunteer, startHeadlessVolunteer } from '../volunteer/headless-volunteer.ts';
import { findDemoData, hostDemoData } from './demo-data.ts';
import { finishDemo } from './finish-demo.ts';
import { segmentsBeyond, weakMemoryMB } from './weak-memory.ts';

export interface DemoOptions extends Omit<RunFlags, 'plan' | 'set' | 'segments' | 'cut'> {
  /** How many of them have room for the lightest task only. */
  readonly weak: number;
  /** Glyphs if it is left out, or what `data` names. */
  readonly dataset?: string;
  readonly data?: string;
  readonly plan: PlanSpec;
  /** As for `createRun`. */
  readonly cut: NonNullable<CreateRunOptions['cut']>;
  readonly backend: BackendChoice;
  /** Of each volunteer. */
  readonly threads: number;
  readonly json?: string;
  readonly keep: boolean;
}

/**
 * Does the main job from nothing: platform, run, volunteers, training, evaluation, export.
 * @returns exit status: 0 if the target was reached, 130 after `signal`, otherwise 1, and the reason was printed
 */
export async function runDemo(options: DemoOptions, signal: AbortSignal): Promise<number> {
  if (options.json !== undefined) requireWritable(options.json);
  const own = options.model === undefined ? null : await readOwnModel(options.model);
  const found = await findDemoData(options);
  found?.notes.forEach(printLine);
  await buildUpTo('worker');
  const folder = join(packageRoot, '.homeroom', 'demo', new Date().toISOString().replace(/[:.]/g, '-'));
  const platform = await startPlatform({ folder: join(folder, 'platform'), port: 0, pages: options.keep });
  const threads = Array.from({ length: options.volunteers }, startTrainer);
  try {
    const client = new HomeroomClient(platform.origin);
    printLine(`Platform on workerd at ${platform.origin}, data in ${folder}`);
    const dataset = await hostDemoData(client, found, options);
    const run = await createDemoRun(client, threads[0] as TrainerThread, options, dataset, own);
    const info = await client.run(run);
    const view = await train(client, info, threads, { ...options, folder }, signal);
    if (signal.aborted) {
      printLine('Stopped. The versions that were published so far stay in the folder above.');
      return 130;
    }
    if (view.phase !== 'finished') {
      printLine(whyUnfinished(view));
      return 1;
    }
    const status = await finishDemo(client, info, view, options, folder);
    if (options.keep) await keepUp(platform, run, signal);
    return status;
  } finally {
    clearStatus();
    await Promise.all(threads.map(thread => thread.stop()));
    await platform.stop();
  }
}

const whyUnfinished = (view: RunView): string =>
  explainPause(view) ?? 'The run did not finish: every volunteer has failed (see above).';

/** The status line is drawn anew so often, whether anything happens or not. */
const STATUS_MS = 5_000;

/** This is checked before the training, so that no figures are lost after it. */
function requireWritable(file: string): void {
  if (isFolder(file)) throw new UsageError(`cannot write ${file}: it is a folder, not a file`);
  try {
    accessSync(existsSync(file) ? file : dirname(resolve(file)), constants.W_OK);
  } catch {
    throw new UsageError(`cannot write ${file}: its folder does not exist, or you may not write there`);
  }
}

async function createDemoRun(
  client: HomeroomClient,
  builder: TrainerThread,
  options: DemoOptions,
  dataset: Dataset,
  own: NamedModelFiles | null,
): Promise<string> {
  const { volunteers, rounds, plan, augment, cut, code, root = 0 } = options;
  const model = options.model ?? networkIfUnnamed(isTable(dataset));
  // These are the options of the volunteer that uses this trainer later, because a trainer starts only once.
  await builder.trainer.start(trainerOptions(options));
  const { name = `demo on ${dataset.name}`, aggregation = 'clipped-mean' } = options;
  const described = describedSpec({ ...options, name, model }, dataset, plan);
  // All of its volunteers are its own, and none is a referee.
  const spec = { ...described, aggregation, policy: { ...described.policy, minVolunteers: volunteers } };
  const { run } = await createRun({
    client,
    trainer: builder.trainer,
    model: own?.name ?? model,
    ...(own ? { files: own.files } : {}),
    spec,
    holdsBack: root > 0,
    ...(code === undefined ? {} : { joinCode: code }),
    ...(augment === undefined ? {} : { augment }),
    cut,
    onNotes: notes => notes.forEach(printLine),
  });
  printLine(
    `Run ${run}: ${own?.name ?? model} on ${dataset.name}, ${plan.name}, ${many(rounds, 'round')}, ${many(volunteers, 'volunteer')}`,
  );
  return run;
}

/**
 * Lets the volunteers train until the run is over or pauses itself. The table is drawn from the run's view meanwhile.
 */
async function train(
  client: HomeroomClient,
  info: RunInfo,
  threads: readonly TrainerThread[],
  options: DemoOptions & { readonly folder: string },
  signal: AbortSignal,
): Promise<RunView> {
  let view = info.view;
  const { weak } = options;
  const memoryMB = weak > 0 ? weakMemoryMB(info.spec, info.model) : undefined;
  if (memoryMB !== undefined)
    printLine(
      `${weak} of ${many(options.volunteers, 'volunteer')} ${weak === 1 ? 'has' : 'have'} ${formatBytes(1e6 * memoryMB)} of memory.`,
    );
  const beyond = memoryMB === undefined ? [] : segmentsBeyond(info.spec, info.model, memoryMB);
  if (weak === options.volunteers && beyond.length > 0)
    printLine(`WARNING        Nobody has room for ${beyond.join(', ')}, which will stay as the run began.`);
  const table = new RoundTable(info);
  table.start();
  const volunteers = threads.map((thread, i) =>
    startDemoVolunteer(client, info.run, thread, i, {
      ...options,
      ...(i < weak ? { name: `weak volunteer ${i + 1}`, memoryMB } : { name: `volunteer ${i + 1}` }),
    }),
  );
  const onAbort = (): void => volunteers.forEach(volunteer => void volunteer.control.stop());
  const tell = (): void => showStatus(view, info.spec, Date.now());
  // A run that waits for volunteers tells no event.
  const ticking = setInterval(tell, STATUS_MS);
  const events = openViewSocket(client, info.run, view, next => {
    view = next;
    table.update(view);
    tell();
    // Nobody would resume it.
    if (view.phase === 'paused') onAbort();
  });
  signal.addEventListener('abort', onAbort);
  if (signal.aborted) onAbort();
  try {
    const ends = await Promise.allSettled(volunteers.map(volunteer => volunteer.done));
    for (const end of ends)
      if (end.status === 'rejected') printLine(`A volunteer failed: ${errorText(end.reason)}`);
    view = (await client.run(info.run)).view;
    table.update(view, true);
    return view;
  } finally {
    clearInterval(ticking);
    events.close();
    signal.removeEventListener('abort', onAbort);
  }
}

interface DemoVolunteer {
  readonly folder: string;
  readonly name: string;
  readonly memoryMB?: number | undefined;
}

const trainerOptions = ({ backend, threads }: DemoOptions) => ({ backend, threads });

const startDemoVolunteer = (
  client: HomeroomClient,
  run: string,
  thread: TrainerThread,
  i: number,
  { folder, name, memoryMB, ...options }: DemoOptions & DemoVolunteer,
): HeadlessVolunteer =>
  startHeadlessVolunteer({
    client,
    run,
    thread,
    name,
    memoryMB,
    ...(options.code === undefined ? {} : { code: options.code }),
    ...trainerOptions(options),
    cacheFolder: join(folder, `volunteer-${i + 1}`),
  });

async function keepUp({ origin }: Platform, run: string, signal: AbortSignal): Promise<void> {
  printLine(`\nThe platform stays up: ${origin}${runPage(run)} (Ctrl-C ends it)`);
  await whenAborted(signal);
}
