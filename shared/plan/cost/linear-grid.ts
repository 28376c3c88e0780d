import { elementsOf } from '../../protocol/elements-of.ts';

/** Sides of the grid of averages that a linear head takes, the best first. */
const GRIDS = [4, 3, 2, 1] as const;

/** The largest share of the network's multiply-accumulates that a linear head may take (shared/plan/README.md, "Heads"). */
const MAX_SHARE = 0.05;

/**
 * The patch over which a linear head averages a picture of features: about 4 × 4 of them, or fewer if the dense layer
 * behind would be heavy.
 */
export function linearPatch(
  [height, width, channels]: readonly [height: number, width: number, channels: number],
  { classes, networkMacs }: { readonly classes: number; readonly networkMacs: number },
): [height: number, width: number] {
  const sizes = GRIDS.map((grid): [number, number] => [patchSize(height, grid), patchSize(width, grid)]);
  const isLight = ([down, across]: readonly [number, number]): boolean =>
    elementsOf([Math.floor(height / down), Math.floor(width / across), channels, classes]) <=
    MAX_SHARE * networkMacs;
  return sizes.find(isLight) ?? [height, width];
}

/** The smallest patch that leaves at most so many in a row. */
const patchSize = (size: number, grid: number): number =>
  range(size).find(patch => Math.floor(size / patch) <= grid) ?? size;

const range = (size: number): number[] => Array.from({ length: size }, (_, i) => i + 1);
