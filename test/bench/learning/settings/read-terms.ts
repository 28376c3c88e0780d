import { MAX_EPOCHS } from '../../../../shared/protocol/plan-spec.ts';
import { DATASETS, type DatasetName } from '../bench-data.ts';
import { readDevices } from '../devices/device-classes.ts';
import { type BenchSplit, type Federated, MATCHES, type Match, SPLITS, type Terms } from '../learning-run.ts';
import type { LearningFlags } from './learning-flags.ts';
import { readChoice, readCount, readPartition, readPositive } from './read-values.ts';

export interface BenchTerms extends Terms {
  readonly dataset: DatasetName;
}

const MOST_EXAMPLES = 60_000;

/**
 * What all arms of a comparison share.
 * @param isGrid whether arms try several rates
 * @throws with one line that names the flag and what it takes
 */
export function readTerms(flags: LearningFlags, isGrid = false): BenchTerms {
  const federated = readFederated(flags);
  const examples = readCount('examples', flags.examples ?? '10000', MOST_EXAMPLES);
  const terms = {
    dataset: readChoice('dataset', flags.dataset ?? 'cifar-10', DATASETS),
    examples,
    match: readMatch(flags.match, federated),
    budget: readPositive('budget', flags.budget ?? '4', 10_000),
    split: readSplit(flags.split, isGrid),
    leaseExamples: readLeaseExamples(flags, examples, federated),
    batch: readCount('batch', flags.batch ?? '32', 1_024),
    federated,
  };
  if (terms.match === 'rounds' && federated?.ownPictures && !Number.isInteger(terms.budget))
    throw new Error(
      `--budget: with --own and --match rounds it is a whole number of rounds, got '${flags.budget}'`,
    );
  return terms;
}

function readMatch(text: string | undefined, federated: Federated | null): Match {
  const match = readChoice('match', text ?? 'flops', MATCHES);
  if (match === 'bytes' && !federated)
    throw new Error('--match bytes needs --federated: without it nothing is sent');
  if (match !== 'rounds' && federated?.devices)
    throw new Error(
      `--devices needs --match rounds: what a round costs depends on who has room for what, so ${match} cannot be equal`,
    );
  return match;
}

/** Rates are tuned on the development split; the test split is used once. */
function readSplit(text: string | undefined, isGrid: boolean): BenchSplit {
  const split = readChoice('split', text ?? (isGrid ? 'dev' : 'test'), SPLITS);
  if (isGrid && split === 'test')
    throw new Error('--rates: a grid is tuned with --split dev, not on the test split');
  return split;
}

/** If volunteers have pictures of their own, a lease has all that its volunteer has. */
function readLeaseExamples(flags: LearningFlags, examples: number, federated: Federated | null): number {
  const text = flags['lease-examples'];
  if (!federated?.ownPictures) return readCount('lease-examples', text ?? '500', MOST_EXAMPLES);
  if (text !== undefined)
    throw new Error('--lease-examples: with --own a lease has all pictures of its volunteer');
  if (examples >= federated.volunteers) return examples / federated.volunteers;
  throw new Error(`--own: ${examples} pictures are too few for ${federated.volunteers} volunteers`);
}

function readFederated(flags: LearningFlags): Federated | null {
  const { federated, volunteers, partition, devices, own } = flags;
  const localEpochs = flags['local-epochs'];
  if (!federated) {
    const extra = Object.entries({ volunteers, partition, 'local-epochs': localEpochs, devices, own });
    const [given] = extra.flatMap(([name, value]) => (value === undefined || value === false ? [] : [name]));
    if (given) throw new Error(`--${given} needs --federated`);
    return null;
  }
  const count = readCount('volunteers', volunteers ?? '4', 500);
  return {
    volunteers: count,
    partition: readPartition('partition', partition ?? 'iid'),
    localEpochs: localEpochs === undefined ? null : readCount('local-epochs', localEpochs, MAX_EPOCHS),
    devices: devices === undefined ? null : readDevices(devices, count),
    ownPictures: own ?? false,
  };
}
