import { type ModelOutline, parametersOfBody } from '../protocol/model-outline.ts';
import type { RunView } from '../protocol/run-view.ts';

const F32_BYTES = 4;

export interface ExchangeCost {
  readonly up: number;
  readonly down: number;
  /** What whole models in float32 would have cost each way for the same training updates. */
  readonly dense: number;
  /** How many times fewer bytes than dense exchange takes, both ways together. Null while nothing was exchanged. */
  readonly factor: number | null;
}

/**
 * Bytes exchanged, and what the same training updates would have cost each way with dense exchange. There each update
 * moves the whole network, heads left out, as raw f32. Ours count everything, evaluators' downloads included. The
 * dense side does not count evaluators.
 */
export function exchangeCost(model: ModelOutline, view: RunView): ExchangeCost {
  const { bytesUp: up, bytesDown: down, trainingUpdates } = view;
  const dense = F32_BYTES * parametersOfBody(model) * trainingUpdates;
  return { up, down, dense, factor: up + down > 0 && dense > 0 ? (2 * dense) / (up + down) : null };
}
