import { Command } from 'commander';
import type { Dataset } from '../../../shared/protocol/dataset.ts';
import { runPage } from '../../../shared/protocol/paths.ts';
import { type CreatedRun, createRun } from '../../host/create-run.ts';
import { defaultGlyphs, defaultSpec } from '../../host/default-spec.ts';
import { HomeroomClient } from '../../platform/homeroom-client.ts';
import { readModelFiles } from '../files/read-model-files.ts';
import { addPlanFlags, cutOf, type PlanFlags, requirePlan } from '../plan/plan-flags.ts';
import { UsageError } from '../terminal/usage-error.ts';
import { startTrainer } from '../trainer-thread/start-trainer.ts';
import {
  augmentFlag,
  integerFlag,
  isModelFile,
  keyFlag,
  modelFlag,
  platformFlag,
  shareFlag,
} from './flags.ts';

interface CreateOptions extends PlanFlags {
  readonly to: string;
  readonly key?: string;
  readonly name: string;
  readonly dataset: string;
  readonly model: string;
  readonly augment?: 'none' | 'flip-and-crop';
  readonly rounds: number;
  readonly target?: number;
  readonly volunteers: number;
  readonly code?: string;
  readonly seed: number;
  readonly json: boolean;
}

export const createCommand = (): Command =>
  addPlanFlags(
    new Command('create')
      .description('create a run on a platform and print its join link and host key')
      .addOption(platformFlag())
      .addOption(keyFlag())
      .option('--name <name>', 'name of the run', 'a run')
      .option('--dataset <name>', 'glyphs, or a data set imported before', 'glyphs')
      .addOption(modelFlag()),
  )
    .addOption(augmentFlag())
    .option('--rounds <n>', 'rounds to train', integerFlag(1, 10_000), 20)
    .option('--target <share>', 'test accuracy wanted, as 0.95', shareFlag)
    .option('--volunteers <n>', 'updates wanted a round', integerFlag(1, 500), 4)
    .option('--code <code>', 'a code that joining needs')
    .option('--seed <n>', 'seed of model, data and order', integerFlag(0, 2 ** 31 - 1), 1)
    .option('--json', 'print JSON for a script', false)
    .action(create);

async function create(options: CreateOptions): Promise<void> {
  const { to, key, code, model, volunteers, target, augment, json } = options;
  const plan = requirePlan(options);
  const client = new HomeroomClient(to);
  const dataset = await findDataset(client, options);
  const spec = defaultSpec({
    ...options,
    dataset,
    ...(target === undefined ? {} : { targetAccuracy: target }),
  });
  const own = isModelFile(model) ? await readModelFiles(model) : null;
  const thread = startTrainer();
  try {
    await thread.trainer.start({ backend: 'wasm' });
    await createRun({
      client,
      trainer: thread.trainer,
      model: own?.name ?? model,
      ...(own ? { files: own.files } : {}),
      cut: cutOf(options),
      spec: {
        ...spec,
        plan,
        training: { ...spec.training, ...(augment === undefined ? {} : { augment }) },
        policy: { updatesPerRound: volunteers },
      },
      ...(key === undefined ? {} : { deploymentKey: key }),
      ...(code === undefined ? {} : { joinCode: code }),
      onNotes: notes => console.error(notes.join('\n')),
      onCreated: created => tell(client, created, json),
    });
  } finally {
    await thread.stop();
  }
}

function tell({ origin }: HomeroomClient, { run, hostKey }: CreatedRun, json: boolean): void {
  const link = `${origin}${runPage(run)}`;
  console.log(json ? JSON.stringify({ run, hostKey, link }) : `Join link  ${link}\nHost key   ${hostKey}`);
}

async function findDataset(client: HomeroomClient, { dataset, seed }: CreateOptions): Promise<Dataset> {
  if (dataset === 'glyphs') return defaultGlyphs(seed);
  const known = await client.listDatasets();
  const found = known.find(({ name }) => name === dataset);
  if (found) return found;
  const names = ['glyphs', ...known.map(({ name }) => name)].join(', ');
  throw new UsageError(
    `there is no data set ${dataset} on ${client.origin}: there is ${names}. \`homeroom dataset import\` adds one`,
  );
}
