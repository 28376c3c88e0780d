import type { Examples } from '../../../shared/datasets/examples.ts';
import { modelFile } from './model-file.ts';
import { type Move, type NetworkStep, numbersOf, STEP_RATE } from './network-step.ts';
import type { Network } from './networks.ts';
import type { StockTfjs } from './stock-tfjs.ts';
import type { Meaning } from './tfjs-layers.ts';
import { asTfjs } from './write-tfjs.ts';

/** What stock tfjs makes of a network: the same step on the same pictures. */
export async function stockStep(
  stock: StockTfjs,
  network: Network,
  meaning: Meaning,
  examples: Examples,
): Promise<NetworkStep> {
  const { loss, before, after } = await stock.step(
    modelFile(asTfjs(network.sketch(0), meaning)),
    numbersOf(examples, network),
    [...examples.labels],
    { rate: STEP_RATE, areLogits: network.endsInLogits },
  );
  const moves = Object.entries(before).map(([name, start]) => ({
    name,
    start,
    delta: start.map((value, i) => (after[name]?.[i] ?? 0) - value),
  }));
  return { loss, moves };
}

/**
 * How far a step is from another one: the largest difference of a weight's moves, relative to the size of the moves.
 * Weights are paired by the numbers that they start with, because a network may be read under other names. A weight
 * that hardly moves beside the others is judged by what the others move: its moves are rounding.
 */
export function stepDifferences(own: NetworkStep, other: NetworkStep): Map<string, number> {
  const byStart = new Map(own.moves.map(move => [keyOf(move), move]));
  const largest = Math.max(...other.moves.map(({ delta }) => rootMeanSquare(delta)));
  return new Map(
    other.moves.map(move => {
      const { delta } = byStart.get(keyOf(move)) ?? { delta: null };
      if (!delta) return [move.name, Number.POSITIVE_INFINITY];
      const difference = rootMeanSquare(move.delta.map((value, i) => value - (delta[i] ?? 0)));
      return [move.name, difference / Math.max(rootMeanSquare(move.delta), NOTICEABLE * largest)];
    }),
  );
}

/** Beside the largest moves, these are rounding. */
const NOTICEABLE = 1e-3;

const keyOf = ({ start }: Move): string => `${start.length}:${start.slice(0, 8).join()}`;

const rootMeanSquare = (values: Float32Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
