/** Reads from the paths of pictures which class each is of, and whether it is for training or for testing. */
import type { Split } from '../../protocol/dataset.ts';

export interface Placed {
  /** Empty if no folder says it. */
  readonly className: string;
  readonly split?: Split;
}

/** `train`, `test_set`, `validation images` … */
const SPLIT_NAME =
  /^(train|training|test|testing|val|valid|validation|eval)([-_ ]?(set|data|images|pictures))?$/i;
const isTest = (name: string): boolean => /^test/i.test(name);
const isTraining = (name: string): boolean => /^train/i.test(name);

/**
 * A picture's class is the folder that it lies in, below what all pictures have in common. If all folders there are called
 * `train`, `test` or alike, they say the split and those in them the classes. Validation pictures are for testing if there
 * are no others, otherwise for training.
 */
export function placeInFolders(paths: readonly string[]): Placed[] {
  const folders = paths.map(path => path.split('/').slice(0, -1));
  const common = commonLength(folders);
  const below = folders.map(names => names.slice(common));
  if (below.every(names => names.length === 0))
    return below.map(() => ({ className: folders[0]?.at(-1) ?? '' }));
  const saysSplit = below.every(([first = '', second]) => SPLIT_NAME.test(first) && second !== undefined);
  if (!saysSplit) return below.map(([className = '']) => ({ className }));
  const hasTest = below.some(([first = '']) => isTest(first));
  return below.map(([first = '', ...rest]) => ({
    // Some archives have a folder `test_set` in their folder `test_set`.
    className: rest.find((name, i) => !SPLIT_NAME.test(name) || i === rest.length - 1) ?? '',
    split: isTest(first) || (!hasTest && !isTraining(first)) ? 'test' : 'train',
  }));
}

/** How many folders at the start all have. */
function commonLength(folders: readonly (readonly string[])[]): number {
  const [first = [], ...others] = folders;
  let length = first.length;
  for (const names of others) {
    let same = 0;
    while (same < length && names[same] === first[same]) same += 1;
    length = same;
  }
  return length;
}
