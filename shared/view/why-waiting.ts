import type { RunSpec } from '../protocol/run-spec.ts';
import type { RunView } from '../protocol/run-view.ts';
import { describeLeast } from './describe-least.ts';

/** Between two leases and while a version is made nobody is at work for a moment. That is no waiting. */
const QUIET_MS = 15_000;

/**
 * What an open run waits for, in words for people. Without volunteers there is no progress and no error either, nor if no
 * device of theirs fits a role, and whoever looks at the run should know. Null if it waits for nothing.
 * @param now by the clock of the platform, or near it
 */
export function whyWaiting(view: RunView, { policy }: Pick<RunSpec, 'policy'>, now: number): string | null {
  if (view.phase !== 'open') return null;
  if (view.joined < policy.minVolunteers)
    return `waiting for volunteers: ${view.joined} of ${policy.minVolunteers} have joined`;
  const unfit = describeUnfit(view);
  if (unfit !== null) return unfit;
  if (Object.keys(view.atWork).length > 0) return null;
  const lastAt = Object.values(view.volunteers).reduce(
    (last, { seenAt }) => Math.max(last, seenAt),
    Math.max(view.openedAt ?? 0, view.rounds.at(-1)?.at ?? 0),
  );
  return now - lastAt < QUIET_MS ? null : 'waiting for volunteers: nobody is at work';
}

/** [LEASE19] Roles of a round that fit nobody's device. Others may be at work meanwhile. */
function describeUnfit({ unfit = {} }: RunView): string | null {
  const needs = Object.entries(unfit).flatMap(([role, least]) =>
    least ? [`${role} needs ${describeLeast(least)}`] : [],
  );
  return needs.length === 0 ? null : `waiting for a stronger device, for nobody’s fits: ${needs.join('; ')}`;
}
