import type { RunInput } from '../../shared/federation/run-state.ts';
import type { JoinResponse } from '../../shared/protocol/messages.ts';
import { accepted, type Result, refused } from '../../shared/protocol/refusals.ts';
import type { Env } from '../env.ts';
import { signVolunteer } from '../tokens.ts';
import { type Admission, type Joining, KEY_GONE } from './admission.ts';
import type { OpenRun } from './open-run.ts';

interface JoinPorts {
  readonly env: Env;
  readonly admission: Admission;
  /** The run as it is by then. Null if it was deleted meanwhile. */
  readonly present: () => OpenRun | null;
  readonly step: (input: RunInput) => Promise<Result<unknown>>;
}

/** [RUN3] Whoever is admitted is a volunteer of the run from here on, and holds a token of it. */
export async function joinRun(
  { env, admission, present, step }: JoinPorts,
  { identity, keys, archive }: OpenRun,
  joining: Joining,
): Promise<Result<JoinResponse>> {
  const allowed = archive.allowsChange();
  if (!allowed.ok) return allowed;
  const isKnown = (id: string): boolean => present()?.state.volunteers.get(id) !== undefined;
  const admitted = await admission.admit({ identity, keys, isKnown }, joining);
  if (!admitted.ok) return admitted;
  const { run } = identity;
  const { name, device } = joining.request;
  const { volunteer, referee, key } = admitted.value;
  // Before the volunteer is stored. Without a token it could not come back, and would stay among the volunteers.
  const token = await signVolunteer(env, { kind: 'volunteer', run, volunteer }, key?.endsAt);
  // [KEY3] It may have been revoked meanwhile, and whoever had joined with it put out.
  if (key && !keys.has(key)) return refused('forbidden', KEY_GONE);
  const ofKey = key && { key: key.id };
  const result = await step({ type: 'join', volunteer, name, device, referee, ...ofKey });
  if (!result.ok) return result;
  const index = present()?.live.indexOf(volunteer) ?? null;
  return accepted({ volunteer, token, ...(index === null ? {} : { index }) });
}
