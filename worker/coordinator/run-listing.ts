import type { RunListing } from '../../shared/protocol/run-list.ts';
import type { ViewCore } from '../../shared/view/live-view.ts';
import { isClosing } from '../../shared/view/run-progress.ts';
import type { RunIdentity } from './store/run-store.ts';

/**
 * A run's line in the directory.
 * @param createdAt counts only in the first one
 */
export const runListing = (
  identity: RunIdentity,
  view: ViewCore,
  { createdAt, archived, unlisted, here }: Pick<RunListing, 'createdAt' | 'archived' | 'unlisted' | 'here'>,
): RunListing => ({
  run: identity.run,
  name: identity.config.spec.name,
  model: identity.config.model.name,
  plan: identity.config.spec.plan.name,
  dataset: identity.config.spec.dataset.name,
  phase: view.phase,
  round: view.round,
  rounds: identity.config.spec.rounds,
  accuracy: view.accuracy,
  version: view.version,
  tested: view.tested ?? null,
  ...(isClosing(view) && { closing: true }),
  createdAt,
  openedAt: view.openedAt,
  finishedAt: view.finishedAt,
  archived,
  ...(unlisted && { unlisted }),
  here,
});
