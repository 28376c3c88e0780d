import type { RunInfo } from '../../shared/protocol/messages.ts';
import { RELEASE } from '../../shared/protocol/release.ts';
import type { Env } from '../env.ts';
import type { OpenRun } from './open-run.ts';
import { checkOf } from './turnstile.ts';

/** What everybody is told of a run. */
export function runInfo(env: Env, { identity, archive, archives, shown }: OpenRun): RunInfo {
  const { spec, model } = identity.config;
  return {
    run: identity.run,
    spec,
    model,
    needsCode: identity.joinCodeHash !== null,
    ...checkOf(env),
    ...(archive.isSet && { archived: true as const }),
    ...(archives.told && { archives: archives.told }),
    release: RELEASE,
    view: shown(),
  };
}
