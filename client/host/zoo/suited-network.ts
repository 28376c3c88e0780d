import {
  type Dataset,
  datasetClasses,
  datasetShape,
  isTable,
  splitExamples,
} from '../../../shared/protocol/dataset.ts';
import { networkIfUnnamed, takesTables, zooNames } from '../../../shared/protocol/model-zoo.ts';
import { leastSideOf, zooPlaces } from './zoo-places.ts';

/** Why a network is the one to start with. The page says it in a sentence. */
export type SuitedReason = 'few-pictures' | 'simple' | 'many-classes' | 'colour' | 'large' | 'table';

export interface SuitedNetwork {
  readonly name: string;
  readonly reason: SuitedReason;
}

/** Fewer pictures than this are learnt by heart by a network with more than some ten thousand parameters. */
const FEW_PICTURES = 1_000;

/** Grey pictures of so many pixels on a side show signs rather than scenes. */
const SIMPLE_SIDE = 32;

/** Multiply-accumulates a picture with which a lease of a thousand pictures takes a minute on one slow core. */
const MOST_MACS = 8e7;

/** Which network to start with, by the pictures' size, colour, number and classes. */
export function suitedNetwork(dataset: Dataset): SuitedNetwork {
  const { reason, names } = wishesFor(dataset);
  const [shape, classes] = [datasetShape(dataset), datasetClasses(dataset)];
  const macsOf = (name: string): number =>
    zooPlaces(name, shape, classes)?.at(-1)?.macs ?? Number.POSITIVE_INFINITY;
  const light = names.find(name => macsOf(name) <= MOST_MACS);
  if (light) return { name: light, reason: light === names[0] ? reason : 'large' };
  const [lightest = 'cnn-tiny'] = zooNames.toSorted((a, b) => macsOf(a) - macsOf(b));
  return { name: lightest, reason: 'large' };
}

/** What would suit, the best first, if it were light enough. */
function wishesFor(dataset: Dataset): { reason: SuitedReason; names: readonly string[] } {
  const { height, width, channels } = datasetShape(dataset);
  const isSmall = Math.max(height, width) <= SIMPLE_SIDE;
  if (isTable(dataset)) return { reason: 'table', names: [networkIfUnnamed(true)] };
  if (splitExamples(dataset, 'train') < FEW_PICTURES)
    return { reason: 'few-pictures', names: ['cnn', 'cnn-tiny'] };
  if (datasetClasses(dataset) > MANY_CLASSES)
    return { reason: 'many-classes', names: ['resnext20-8x4', 'cnn-3', 'cnn', 'cnn-tiny'] };
  if (channels < 3 && isSmall) return { reason: 'simple', names: ['cnn', 'cnn-tiny'] };
  return { reason: 'colour', names: ['cnn-5', 'cnn-3', 'cnn', 'cnn-tiny'] };
}

const MANY_CLASSES = 20;

/** Why a network is not offered for these pictures. Null if it is. */
export type Unfit = { readonly reason: 'too-small'; readonly least: number } | { readonly reason: 'table' };

export function unfitFor(name: string, dataset: Dataset): Unfit | null {
  const { height, width } = datasetShape(dataset);
  if (isTable(dataset) && !takesTables(name)) return { reason: 'table' };
  const least = leastSideOf(name);
  return Math.min(height, width) < least && !isTable(dataset) ? { reason: 'too-small', least } : null;
}
