import type { LeastDevice } from '../protocol/events.ts';
import { type Role, roles } from '../protocol/identifiers.ts';
import type { RunSpec } from '../protocol/run-spec.ts';
import type { RunView } from '../protocol/run-view.ts';
import { atWorkIn } from './at-work-in.ts';
import { describeLeast } from './describe-least.ts';
import { isClosing } from './run-progress.ts';

/** Between two leases and while a version is made nobody is at work for a moment. That is no waiting. */
const QUIET_MS = 15_000;

export type UnfitRole = readonly [role: Role, least: LeastDevice];

/** What an open run waits for: more volunteers, a device that some roles fit, or anybody who is at work. */
export type Waiting =
  | { readonly for: 'volunteers'; readonly joined: number; readonly needed: number }
  | { readonly for: 'device'; readonly roles: readonly UnfitRole[] }
  /** @property here how many volunteers are here; left out if the platform does not say */
  | { readonly for: 'work'; readonly here?: number };

/**
 * Without volunteers there is no progress and no error either, nor if no device of theirs fits a role, and whoever looks
 * at the run should know. Null if it waits for nothing.
 * @param now by the clock of the platform, or near it
 */
export function waitingFor(view: RunView, { policy }: Pick<RunSpec, 'policy'>, now: number): Waiting | null {
  if (view.phase !== 'open' || isClosing(view)) return null;
  if (view.joined < policy.minVolunteers)
    return { for: 'volunteers', joined: view.joined, needed: policy.minVolunteers };
  const unfit = unfitRoles(view);
  if (unfit.length > 0) return { for: 'device', roles: unfit };
  if (atWorkIn(view) > 0) return null;
  const lastAt = Object.values(view.volunteers).reduce(
    (last, { seenAt }) => Math.max(last, seenAt),
    Math.max(view.openedAt ?? 0, view.rounds.at(-1)?.at ?? 0),
  );
  if (now - lastAt < QUIET_MS) return null;
  return { for: 'work', ...(view.here !== undefined && { here: view.here }) };
}

/** [LEASE19] Roles of a round that fit nobody's device. Others may be at work meanwhile. */
const unfitRoles = ({ unfit = {} }: RunView): readonly UnfitRole[] =>
  roles.flatMap(role => {
    const least = unfit[role];
    return least ? [[role, least] as const] : [];
  });

/** In words for people, as they follow on "The run is". */
export function describeWaiting(waiting: Waiting): string {
  switch (waiting.for) {
    case 'volunteers':
      return `waiting for volunteers: ${waiting.joined} of ${waiting.needed} have joined`;
    case 'device':
      return `waiting for a stronger device, for nobody’s fits: ${waiting.roles.map(describeNeed).join('; ')}`;
    case 'work':
      return describeNobodyAtWork(waiting.here);
  }
}

/** Who has closed the page comes back by another way than who is here and has no task. */
function describeNobodyAtWork(here: number | undefined): string {
  if (here === 0) return 'waiting for volunteers: nobody is here';
  if (here === undefined) return 'waiting for volunteers: nobody is at work';
  return `waiting: ${here === 1 ? 'one volunteer is' : `${here} volunteers are`} here, and nobody is at work`;
}

const describeNeed = ([role, least]: UnfitRole): string => `${role} needs ${describeLeast(least)}`;

/** What `waitingFor` says, in words. */
export function whyWaiting(view: RunView, spec: Pick<RunSpec, 'policy'>, now: number): string | null {
  const waiting = waitingFor(view, spec, now);
  return waiting && describeWaiting(waiting);
}
