import { learningRateFor } from '../../../../shared/protocol/model-zoo.ts';
import { type Arm, describeCut, type Federated, type LearningRun, type Terms } from '../learning-run.ts';
import { LEARNING_BACKENDS, type LearningBackend } from '../trained-on.ts';
import { LEARNING_VERSION } from '../version.ts';
import type { LearningFlags } from './learning-flags.ts';
import { DEFAULT_MODELS, zooNameOf } from './model-families.ts';
import { type ArmRequest, readConfig, readPlans, readRate } from './read-arms.ts';
import { type BenchTerms, readTerms } from './read-terms.ts';
import { atPlace, itemsOf, readChoice, readCount, readPath, readSeeds } from './read-values.ts';

/** What is compared, if flags say it. */
export interface LearningSettings {
  readonly arms: readonly Arm[];
  readonly terms: BenchTerms;
  readonly seeds: readonly number[];
  /** The file of rows, one in each line; runs that it has are not done again. */
  readonly out: string;
}

/** What trains. */
export interface Trainers {
  readonly backend: LearningBackend;
  /** Of WebAssembly; 1 on a graphics card. */
  readonly threads: number;
  /** How many processes train, each a run. */
  readonly processes: number;
}

/** What goes with any comparison. */
export interface OutputSettings extends Trainers {
  /** A file of comparisons, in place of the flags. */
  readonly queue: string | null;
  readonly plot: string | null;
  readonly json: string | null;
  readonly isReportOnly: boolean;
}

/** Flags that a queue leaves: its file says the rest. */
const BESIDE_QUEUE: readonly string[] = [
  ...['queue', 'backend', 'threads', 'processes', 'plot', 'json', 'report', 'status'],
];

/** @throws with one line that names the flag and what it takes */
export function readOutput(flags: LearningFlags): OutputSettings {
  const queue = readPath('queue', flags.queue);
  const given = Object.keys(flags).find(name => !BESIDE_QUEUE.includes(name));
  if (queue !== null && given !== undefined)
    throw new Error(`--queue names what is compared and where its rows are: leave out --${given}`);
  if (queue === null && flags.status)
    throw new Error('--status needs --queue; without a queue there is --report');
  return {
    queue,
    ...readTrainers(flags),
    plot: readPath('plot', flags.plot),
    json: readPath('json', flags.json),
    isReportOnly: flags.report === true || flags.status === true,
  };
}

function readTrainers({ backend, threads, processes }: LearningFlags): Trainers {
  const trainers = {
    backend: readChoice('backend', backend ?? 'wasm', LEARNING_BACKENDS),
    threads: readCount('threads', threads ?? '1', 64),
    processes: readCount('processes', processes ?? '1', 64),
  };
  if (trainers.backend === 'webgpu' && trainers.threads > 1)
    throw new Error('--threads: a graphics card has none to choose, leave it out with --backend webgpu');
  return trainers;
}

const DEFAULT_PLANS = 'conventional,growing-together,student-alone';

/**
 * Reads the bench's settings from its flags.
 * @param readFile reads the file of `--config`
 * @throws with one line that names the flag and what it takes
 */
export function readSettings(flags: LearningFlags, readFile: (path: string) => string): LearningSettings {
  const rates = readRates(flags);
  const terms = readTerms(flags, rates.list.length > 1);
  const arms = readArms(flags, terms.federated, rates, readFile);
  checkDevices(arms, terms);
  return {
    arms,
    terms,
    seeds: readSeeds(flags.seeds ?? '3'),
    out: readPath('out', flags.out) ?? defaultOut(terms),
  };
}

/** Every run that is to be done, seed by seed, so that an interrupted bench has whole comparisons. */
export const runsOf = ({
  arms,
  terms,
  seeds,
}: Pick<LearningSettings, 'arms' | 'terms' | 'seeds'>): LearningRun[] =>
  seeds.flatMap(seed => arms.map(arm => ({ ...terms, ...arm, seed })));

interface Rates {
  /** Every arm without a rate of its own tries each of these. */
  readonly list: readonly number[];
  readonly byModel: ReadonlyMap<string, number>;
}

function readRates({ rates, full = false }: LearningFlags): Rates {
  if (rates === undefined) return { list: [], byModel: new Map() };
  const items = itemsOf(rates);
  const named = items.filter(item => item.includes('='));
  if (named.length > 0 && named.length < items.length)
    throw new Error(`--rates takes model=rate,… or a list of rates, got '${rates}'`);
  const pairs = named.map(item => {
    const [model = '', rate = ''] = item.split('=');
    return [zooNameOf(model, full), readRate('rates', rate)] as const;
  });
  const list = named.length > 0 ? [] : items.map(item => readRate('rates', item));
  return { list, byModel: new Map(pairs) };
}

function readArms(
  flags: LearningFlags,
  federated: Federated | null,
  rates: Rates,
  readFile: (path: string) => string,
): Arm[] {
  const { config, models, plans, full = false } = flags;
  if (config === undefined) {
    const requests = readPlans(plans ?? DEFAULT_PLANS, federated);
    const names = itemsOf(models ?? DEFAULT_MODELS).map(name => zooNameOf(name, full));
    return names.flatMap(model => requests.flatMap(request => armsOf({ ...request, model }, rates)));
  }
  if (models !== undefined || plans !== undefined)
    throw new Error('--config names the models and plans: leave out --models and --plans');
  const file = atPlace('--config', () => JSON.parse(readFile(config)) as unknown);
  return readConfig(file, '--config: ', federated, full).flatMap(arm => armsOf(arm, rates));
}

function armsOf({ rate, ...request }: ArmRequest, { list, byModel }: Rates): Arm[] {
  if (rate !== null) return [{ ...request, rate }];
  const { model } = request;
  const tried = list.length > 0 ? list : [byModel.get(model) ?? learningRateFor(model)];
  return tried.map(each => ({ ...request, rate: each }));
}

/**
 * Classes of devices are of the comparison, so that all its arms see the same.
 * @throws if an arm asks for what the terms do not have, or depths are not the same segments in all arms
 */
export function checkDevices(
  arms: readonly Pick<Arm, 'model' | 'isAllStrong' | 'segments' | 'cuts'>[],
  { federated }: Terms,
): void {
  const devices = federated?.devices ?? null;
  if (!devices && arms.some(({ isAllStrong }) => isAllStrong))
    throw new Error(
      '--devices: an arm has "devices": "all", but there are no classes that it could differ from',
    );
  if (!devices?.some(({ room }) => room.kind === 'depth')) return;
  for (const { model } of arms) {
    const cuts = new Set(arms.filter(arm => arm.model === model).map(describeCut));
    if (cuts.size > 1)
      throw new Error(
        `--devices: room for so many segments is not the same in all arms, ${model} is cut in ${cuts.size} ways`,
      );
  }
}

/** Rows of different versions of the code are in different files. */
const defaultOut = ({ dataset, split, federated }: Terms): string => {
  const words = [
    'learning',
    dataset,
    ...(federated ? ['federated'] : []),
    ...(split === 'dev' ? ['dev'] : []),
    `v${LEARNING_VERSION}`,
  ];
  return `test/bench/results/${words.join('-')}.jsonl`;
};
