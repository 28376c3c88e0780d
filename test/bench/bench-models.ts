import { type ZooEntry, zooEntries } from '../../shared/protocol/model-zoo.ts';

/** What a side needs to build a model: ours takes the zoo's name, PyTorch the zoo's description of it. */
export interface BenchModel extends ZooEntry {
  /** Height, width, channels. */
  readonly inputShape: readonly [number, number, number];
  readonly classes: number;
}

const CLASSES = 10;
/**
 * The bench's small model, 20,490 parameters: the zoo's CNN on the shape of the built-in data. All other models take
 * CIFAR's.
 */
const TWO_CONV = { name: 'two-conv', zoo: 'cnn', inputShape: [28, 28, 1] } as const;

/** All names that `--models` takes. */
export const BENCH_MODELS: readonly string[] = [TWO_CONV.name, ...zooEntries.map(({ name }) => name)];

/** @throws if there is no such model */
export function benchModel(name: string): BenchModel {
  const isTwoConv = name === TWO_CONV.name;
  const entry = zooEntries.find(zoo => zoo.name === (isTwoConv ? TWO_CONV.zoo : name));
  if (!entry) throw new Error(`there is no model ${name}, there are ${BENCH_MODELS.join(', ')}`);
  return { ...entry, inputShape: isTwoConv ? TWO_CONV.inputShape : [32, 32, 3], classes: CLASSES };
}
