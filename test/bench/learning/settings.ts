import type { Partition } from '../../../shared/protocol/dataset.ts';
import { partitionSchema } from '../../../shared/protocol/dataset.ts';
import { learningRateFor } from '../../../shared/protocol/model-zoo.ts';
import { MAX_EPOCHS } from '../../../shared/protocol/plan-spec.ts';
import { DATASETS, type DatasetName } from './bench-data.ts';
import {
  type Arm,
  type BenchSplit,
  type Federated,
  type LearningRun,
  MATCHES,
  SPLITS,
  type Terms,
} from './learning-run.ts';
import { DEFAULT_MODELS, zooNameOf } from './model-families.ts';
import { type ConfigArm, readConfig, readPlans, readRate } from './read-arms.ts';

/** As `parseArgs` takes them. */
export const LEARNING_FLAGS = {
  models: { type: 'string' },
  plans: { type: 'string' },
  full: { type: 'boolean' },
  rates: { type: 'string' },
  config: { type: 'string' },
  dataset: { type: 'string' },
  examples: { type: 'string' },
  seeds: { type: 'string' },
  match: { type: 'string' },
  budget: { type: 'string' },
  federated: { type: 'boolean' },
  volunteers: { type: 'string' },
  partition: { type: 'string' },
  'local-epochs': { type: 'string' },
  split: { type: 'string' },
  'lease-examples': { type: 'string' },
  batch: { type: 'string' },
  threads: { type: 'string' },
  out: { type: 'string' },
  plot: { type: 'string' },
  json: { type: 'string' },
  report: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

export type LearningFlags = {
  readonly [Name in keyof typeof LEARNING_FLAGS]?:
    | ((typeof LEARNING_FLAGS)[Name]['type'] extends 'boolean' ? boolean : string)
    | undefined;
};

export interface LearningSettings {
  readonly arms: readonly Arm[];
  readonly terms: Terms & { readonly dataset: DatasetName };
  readonly seeds: readonly number[];
  readonly threads: number;
  /** The file of rows, one in each line; runs that it has are not done again. */
  readonly out: string;
  readonly plot: string | null;
  readonly json: string | null;
  readonly isReportOnly: boolean;
}

const DEFAULT_PLANS = 'conventional,growing-together,student-alone';
const MOST_EXAMPLES = 60_000;

/**
 * Reads the bench's settings from its flags.
 * @param readFile reads the file of `--config`
 * @throws with one line that names the flag and what it takes
 */
export function readSettings(flags: LearningFlags, readFile: (path: string) => string): LearningSettings {
  const federated = readFederated(flags);
  const rates = readRates(flags);
  const terms = readTerms(flags, federated, rates.list.length > 1);
  return {
    arms: readArms(flags, federated, rates, readFile),
    terms,
    seeds: readSeeds(flags.seeds ?? '3'),
    threads: readCount('threads', flags.threads ?? '1', 64),
    out: readPath('out', flags.out) ?? defaultOut(terms),
    plot: readPath('plot', flags.plot),
    json: readPath('json', flags.json),
    isReportOnly: flags.report ?? false,
  };
}

/** Every run that is to be done, seed by seed, so that an interrupted bench has whole comparisons. */
export const runsOf = ({
  arms,
  terms,
  seeds,
}: Pick<LearningSettings, 'arms' | 'terms' | 'seeds'>): LearningRun[] =>
  seeds.flatMap(seed => arms.map(arm => ({ ...terms, ...arm, seed })));

function readTerms(flags: LearningFlags, federated: Federated | null, isGrid: boolean) {
  const match = readChoice('match', flags.match ?? 'flops', MATCHES);
  if (match === 'bytes' && !federated)
    throw new Error('--match bytes needs --federated: without it nothing is sent');
  return {
    dataset: readChoice('dataset', flags.dataset ?? 'cifar-10', DATASETS),
    examples: readCount('examples', flags.examples ?? '10000', MOST_EXAMPLES),
    match,
    budget: readPositive('budget', flags.budget ?? '4', 10_000),
    split: readSplit(flags.split, isGrid),
    leaseExamples: readCount('lease-examples', flags['lease-examples'] ?? '500', MOST_EXAMPLES),
    batch: readCount('batch', flags.batch ?? '32', 1_024),
    federated,
  };
}

/** Rates are tuned on the development split; the test split is used once. */
function readSplit(text: string | undefined, isGrid: boolean): BenchSplit {
  const split = readChoice('split', text ?? (isGrid ? 'dev' : 'test'), SPLITS);
  if (isGrid && split === 'test')
    throw new Error('--rates: a grid is tuned with --split dev, not on the test split');
  return split;
}

function readFederated(flags: LearningFlags): Federated | null {
  const { volunteers, partition } = flags;
  const localEpochs = flags['local-epochs'];
  if (!flags.federated) {
    const extra = Object.entries({ volunteers, partition, 'local-epochs': localEpochs });
    const [given] = extra.flatMap(([name, value]) => (value === undefined ? [] : [name]));
    if (given) throw new Error(`--${given} needs --federated`);
    return null;
  }
  return {
    volunteers: readCount('volunteers', volunteers ?? '4', 500),
    partition: readPartition(partition ?? 'iid'),
    localEpochs: localEpochs === undefined ? null : readCount('local-epochs', localEpochs, MAX_EPOCHS),
  };
}

function readPartition(text: string): Partition {
  const [kind, alpha] = text.split(':');
  const parsed = partitionSchema.safeParse(
    alpha === undefined ? { kind } : { kind, alpha: alpha === '' ? Number.NaN : Number(alpha) },
  );
  if (parsed.success) return parsed.data;
  throw new Error(`--partition takes iid or dirichlet:ALPHA with ALPHA from 0.001 to 1000, got '${text}'`);
}

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
    const names = itemsOf(models ?? DEFAULT_MODELS);
    return names.flatMap(model => requests.flatMap(request => armsOf({ ...request, model }, rates, full)));
  }
  if (models !== undefined || plans !== undefined)
    throw new Error('--config names the models and plans: leave out --models and --plans');
  return readConfig(readFile(config), federated).flatMap(arm => armsOf(arm, rates, full));
}

function armsOf({ model, rate, ...request }: ConfigArm, { list, byModel }: Rates, isFull: boolean): Arm[] {
  const zoo = zooNameOf(model, isFull);
  if (rate !== null) return [{ ...request, model: zoo, rate }];
  const tried = list.length > 0 ? list : [byModel.get(zoo) ?? learningRateFor(zoo)];
  return tried.map(each => ({ ...request, model: zoo, rate: each }));
}

/** `3`: seeds 1 to 3; `1,5`: these; `5,`: this one. */
function readSeeds(text: string): number[] {
  if (!text.includes(',')) {
    const count = readCount('seeds', text, 100);
    return Array.from({ length: count }, (_, i) => i + 1);
  }
  const seeds = itemsOf(text).map(item => readCount('seeds', item, 999_999));
  if (seeds.length > 0) return seeds;
  throw new Error(`--seeds takes a count or a list of seeds, got '${text}'`);
}

function readChoice<T extends string>(flag: string, text: string, known: readonly T[]): T {
  const found = known.find(name => name === text);
  if (found !== undefined) return found;
  throw new Error(`--${flag} takes ${known.join(', ')}, got '${text}'`);
}

function readCount(flag: string, text: string, most: number): number {
  const count = Number(text);
  if (/^[1-9]\d{0,5}$/.test(text) && count <= most) return count;
  throw new Error(`--${flag} takes whole numbers from 1 to ${most}, got '${text}'`);
}

function readPositive(flag: string, text: string, most: number): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value <= most) return value;
  throw new Error(`--${flag} takes a number above 0 and at most ${most}, got '${text}'`);
}

function readPath(flag: string, path: string | undefined): string | null {
  if (path === '') throw new Error(`--${flag} takes a file's name`);
  return path ?? null;
}

const defaultOut = ({ dataset, split, federated }: Terms): string => {
  const words = [
    'learning',
    dataset,
    ...(federated ? ['federated'] : []),
    ...(split === 'dev' ? ['dev'] : []),
  ];
  return `test/bench/results/${words.join('-')}.jsonl`;
};

/** Each once, in the given order. */
const itemsOf = (text: string): string[] => [
  ...new Set(
    text
      .split(',')
      .map(item => item.trim())
      .filter(item => item !== ''),
  ),
];
