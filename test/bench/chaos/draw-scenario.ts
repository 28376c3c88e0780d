import { createRandom, type Random, randomInteger } from '../../../shared/math/random.ts';

/** One thing that goes wrong. Most last for a while and are mended then. */
export type Mishap =
  | { readonly kind: 'kill-platform' | 'kill-workerd'; readonly downMs: number }
  | { readonly kind: 'end-objects' }
  | { readonly kind: 'end-in-fold'; readonly times: number }
  | { readonly kind: 'storage-fails'; readonly chance: number; readonly ms: number }
  | { readonly kind: 'clock-jumps'; readonly byMs: number; readonly ms: number }
  | { readonly kind: 'bad-link'; readonly chance: number; readonly ms: number }
  | { readonly kind: 'volunteers-die'; readonly count: number }
  | { readonly kind: 'disk-full'; readonly ms: number };

export const kinds = [
  ...['kill-platform', 'kill-workerd', 'end-objects', 'end-in-fold', 'storage-fails'],
  ...['clock-jumps', 'bad-link', 'volunteers-die', 'disk-full'],
] as const;

export interface ChaosScenario {
  readonly seed: number;
  readonly volunteers: number;
  readonly plan: 'conventional' | 'layer-to-layer';
  readonly aggregation: 'mean' | 'clipped-mean';
  /** Rows and columns of the largest tensor: whether an update lies in a row of the cohort's storage or in R2. */
  readonly kernel: readonly [number, number];
  readonly mishaps: readonly { readonly afterMs: number; readonly mishap: Mishap }[];
}

/** @param mishaps how many go wrong, one after the other or at once */
export function drawScenario(seed: number, mishaps = 6): ChaosScenario {
  const random = createRandom('chaos', seed);
  const pick = <T>(list: readonly [T, ...T[]]): T => list[randomInteger(random, list.length)] ?? list[0];
  return {
    seed,
    volunteers: 3 + randomInteger(random, 4),
    plan: pick(['conventional', 'layer-to-layer']),
    aggregation: pick(['mean', 'clipped-mean']),
    kernel: pick([
      [20, 30],
      [20, 30],
      [100, 200],
      [800, 800],
    ]),
    mishaps: Array.from({ length: mishaps }, () => ({
      afterMs: 100 + randomInteger(random, 1_500),
      mishap: drawMishap(random, kinds[randomInteger(random, kinds.length)] ?? 'end-objects'),
    })),
  };
}

function drawMishap(random: Random, kind: (typeof kinds)[number]): Mishap {
  const ms = 300 + randomInteger(random, 2_000);
  switch (kind) {
    case 'kill-platform':
    case 'kill-workerd':
      return { kind, downMs: randomInteger(random, 1_200) };
    case 'end-objects':
      return { kind };
    case 'end-in-fold':
      return { kind, times: 1 + randomInteger(random, 3) };
    case 'storage-fails':
      return { kind, chance: 0.1 + 0.6 * random(), ms };
    case 'clock-jumps':
      return { kind, byMs: Math.round((random() - 0.5) * 2 * 7_200_000), ms };
    case 'bad-link':
      return { kind, chance: 0.1 + 0.5 * random(), ms };
    case 'volunteers-die':
      return { kind, count: 1 + randomInteger(random, 3) };
    case 'disk-full':
      return { kind, ms };
  }
}
