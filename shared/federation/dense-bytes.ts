import { type ModelOutline, parametersOfBody } from '../protocol/model-outline.ts';
import type { RunView } from '../protocol/run-view.ts';

/**
 * What the same training updates would have cost each way had every one of them moved the whole network, heads left
 * out, as raw f32: 4 bytes a parameter. Evaluators' downloads are not added here though they count in the run's own.
 */
export const denseBytes = (model: ModelOutline, view: RunView): number =>
  4 * parametersOfBody(model) * view.trainingUpdates;
