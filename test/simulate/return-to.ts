import type { RunInput } from '../../shared/federation/run-state.ts';
import type { Manifest } from '../../shared/protocol/model-outline.ts';

/** [BACK4] What a platform says once all cohorts have heard that a round is taken back. @throws if that version never was */
export function returnTo(
  { round, to }: { readonly round: number; readonly to: number },
  manifests: ReadonlyMap<number, Manifest>,
): RunInput {
  const manifest = manifests.get(to);
  if (!manifest) throw new Error(`version ${to} never was`);
  return { type: 'returned', round, manifest };
}
