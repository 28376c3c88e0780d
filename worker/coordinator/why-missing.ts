import type { RunState } from '../../shared/federation/run-state.ts';
import type { RunIdentity } from './store/run-store.ts';

interface KeptRun {
  readonly identity: Pick<RunIdentity, 'config'>;
  readonly state: Pick<RunState, 'manifest'>;
}

/** Why a version is not here: it was swept, or never was. */
export function whyMissing({ identity, state }: KeptRun, version: number): string {
  const newest = state.manifest.version;
  const kept = identity.config.spec.policy.keepRounds;
  return version <= newest
    ? `version ${version} was swept: the run keeps those of ${kept} rounds, the best one, version 0 and the last that were judged`
    : `there is no version ${version}: the newest is version ${newest}`;
}
