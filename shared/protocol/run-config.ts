import type { ModelOutline } from './model-outline.ts';
import type { RunSpec } from './run-spec.ts';

/** What never changes in a run. */
export interface RunConfig {
  readonly spec: RunSpec;
  readonly model: ModelOutline;
}
