import { findReadyMade, readyMadeSets } from '../../../shared/datasets/ready-made/ready-made-sets.ts';
import { type Dataset, type ExampleKind, exampleKind, isTable } from '../../../shared/protocol/dataset.ts';
import { networkIfUnnamed } from '../../../shared/protocol/model-zoo.ts';
import { toOneLine } from '../../../shared/protocol/one-line.ts';
import { runPage } from '../../../shared/protocol/paths.ts';
import type { Visibility } from '../../../shared/protocol/visibility.ts';
import { type CreatedRun, createRun } from '../../host/create-run.ts';
import { defaultGlyphs } from '../../host/default-spec.ts';
import { hostReadyMade } from '../../host/host-ready-made.ts';
import { findDataset, listData } from '../../platform/data-list.ts';
import { HomeroomClient } from '../../platform/homeroom-client.ts';
import { buildUpTo } from '../build/build-up-to.ts';
import { describedSpec } from '../commands/described-spec.ts';
import { cutOf } from '../commands/plan-flags.ts';
import { requireOrigin } from '../commands/require-origin.ts';
import type { RunFlags } from '../commands/run-flags.ts';
import { readOwnModel } from '../files/read-model-files.ts';
import { requirePlan } from '../plan/require-plan.ts';
import { commandLineFor } from '../terminal/command-line-for.ts';
import { UsageError } from '../terminal/usage-error.ts';
import { startTrainer } from '../trainer-thread/start-trainer.ts';

export interface CreateOptions extends RunFlags {
  readonly to: string;
  readonly key?: string;
  readonly dataset: string;
  readonly public?: true;
  readonly unlisted?: true;
  readonly json: boolean;
}

/** Builds the network in a trainer of its own, creates the run, and prints its join link and host key. */
export async function create(options: CreateOptions): Promise<void> {
  const { to, key, code, root, augment, json } = options;
  const plan = requirePlan(options);
  const own = options.model === undefined ? null : await readOwnModel(options.model);
  const client = new HomeroomClient(requireOrigin(to));
  const dataset = await chosenDataset(client, options);
  const model = options.model ?? networkIfUnnamed(isTable(dataset));
  const spec = describedSpec({ ...options, model }, dataset, plan);
  await buildUpTo('kernels');
  const thread = startTrainer();
  // They are of a run that is made. If it is refused, the refusal stands alone.
  const remarks: string[] = [];
  try {
    await thread.trainer.start({ backend: 'wasm' });
    await createRun({
      client,
      trainer: thread.trainer,
      model: own?.name ?? model,
      ...(own ? { files: own.files } : {}),
      cut: cutOf(options),
      spec,
      holdsBack: root !== 0,
      onRoot: examples => remarks.push(describeRoot(examples, exampleKind(spec.dataset))),
      ...(augment === undefined ? {} : { augment }),
      ...(key === undefined ? {} : { deploymentKey: key }),
      ...(code === undefined ? {} : { joinCode: code }),
      visibility: visibilityOf(options),
      onNotes: notes => remarks.push(...notes),
      onUnmeasured: tasks => remarks.push(describeUnmeasured(tasks)),
      onRetry: ({ message }) => console.error(toOneLine(`${message}; trying again`)),
      onCreated: created => {
        for (const remark of remarks) console.error(toOneLine(remark));
        tell(client, created, json);
      },
    });
  } finally {
    await thread.stop();
  }
}

/** Undefined leaves it to the platform. */
const visibilityOf = (options: Pick<CreateOptions, 'public' | 'unlisted'>): Visibility | undefined =>
  options.public ? 'public' : options.unlisted && 'unlisted';

const describeUnmeasured = (tasks: readonly string[]): string =>
  `this machine did not measure how long updates of ${tasks.join('; ')} are, so the first rounds are clipped by the shorter ones of their own updates`;

const describeRoot = (examples: number | null, kind: ExampleKind): string =>
  examples === null
    ? `no training ${kind}s are held back for a referee: there are too few, or those at the end lack a class (--root sets how many parts)`
    : `${examples} training ${kind}s are held back for a referee`;

function tell(client: HomeroomClient, created: CreatedRun, json: boolean): void {
  const { run, hostKey, needsReferee } = created;
  const link = `${client.origin}${runPage(run)}`;
  console.log(json ? JSON.stringify({ run, hostKey, link }) : `Join link  ${link}\nHost key   ${hostKey}`);
  if (needsReferee)
    console.error(
      // The shell sets the variable itself, so no other user finds the key in the list of processes.
      `This run is defended against harmful updates only while a referee is there. To be one: HOMEROOM_KEY=${hostKey} ${commandLineFor('join --referee', client, run)}`,
    );
}

/** A set of this name that was imported before there was a built-in one goes first. */
async function chosenDataset(
  client: HomeroomClient,
  { dataset, seed, key }: CreateOptions,
): Promise<Dataset> {
  // It is asked in any case: a platform that is not there is told at once, and not after the network was built.
  const { sets } = await listData(client);
  if (dataset === 'glyphs') return defaultGlyphs(seed);
  const found = sets.some(({ name }) => name === dataset) ? await findDataset(client, dataset) : null;
  if (found) return found;
  if (findReadyMade(dataset)) return hostReadyMade(client, dataset, { key });
  const names = ['glyphs', ...[...readyMadeSets, ...sets].map(({ name }) => name)].join(', ');
  throw new UsageError(
    `there is no data set ${dataset} on ${client.origin}, which has ${names}. \`npx homeroom dataset import\` adds one`,
  );
}
