import type { EventBody } from '../../../shared/protocol/events.ts';
import type { Role } from '../../../shared/protocol/identifiers.ts';
import { describePause } from '../../../shared/protocol/pause.ts';
import { refusals } from '../../../shared/protocol/refusals.ts';
import { describeLeast } from '../../../shared/view/describe-least.ts';
import { shownLoss } from '../../../shared/view/figures.ts';
import { rolesInOrder } from '../../host/role-order.ts';
import { formatBytes, formatCount, formatLoss, formatPercent, plural } from '../ui/format.ts';

/** Names of volunteers by id, for people. */
export type NameOf = (volunteer: string | null) => string;

const whyFinished: Readonly<Record<string, string>> = {
  rounds: 'every round is done',
  target: 'the target is reached',
  host: 'the host finished it',
};

export const describeWhy = (why: string | null): string => whyFinished[why ?? ''] ?? 'it is over';

const describeRoles = (byRole: Partial<Record<Role, number>>): string =>
  rolesInOrder
    .filter(role => (byRole[role] ?? 0) > 0)
    .map(role => describeCount(role, byRole[role] ?? 0))
    .join(', ') || 'no updates';

/** What the role trains, if people know it by that. Null if they know the role by its own name. */
function trainedNameOf(role: Role): string | null {
  if (role === 'whole') return 'the whole network';
  const [, depth] = /^depth-(\d+)$/.exec(role) ?? [];
  if (depth !== undefined) return `the first ${depth} segments`;
  const [, slice] = /^slice-(\d+)$/.exec(role) ?? [];
  if (slice !== undefined) return `slice ${slice} of the channels`;
  return role.startsWith('segment-') ? role : null;
}

function describeCount(role: Role, count: number): string {
  const trained = trainedNameOf(role);
  return trained ? `${formatCount(count)} of ${trained}` : plural(count, role);
}

/** One event of the ledger in words. */
export function describeEvent(event: EventBody, nameOf: NameOf): string {
  switch (event.type) {
    case 'run-opened':
      return 'The run is open';
    case 'run-paused':
      return describePause(event.why, event.detail) ?? 'The host paused the run';
    case 'run-closing':
      return 'The run comes to its end: its last version is being tested';
    case 'run-finished':
      return `The run is finished: ${describeWhy(event.why)}`;
    case 'volunteer-joined':
      return `${event.name} joined with ${event.backend}${event.referee ? ', as referee' : ''}`;
    case 'volunteer-removed':
      return `The host removed ${nameOf(event.volunteer)}`;
    case 'volunteer-renamed':
      return `The host gave a volunteer the name ${event.name}`;
    case 'volunteers-left':
      return `${plural(event.volunteers.length, 'volunteer')} left`;
    case 'round-opened':
      return `Round ${event.round} opened: ${describeRoles(event.goals)} wanted`;
    case 'round-extended':
      return `Round ${event.round} waits longer: too few updates have arrived yet`;
    case 'lease-granted':
      return event.role === 'evaluator'
        ? `${nameOf(event.volunteer)} tests version ${event.round}`
        : `${nameOf(event.volunteer)} trains ${trainedNameOf(event.role) ?? `as ${event.role}`}${event.root ? ' on the pictures held back' : ''}`;
    case 'lease-ended':
      return `${nameOf(event.volunteer)} gave a task back: ${event.why}`;
    case 'place-freed':
      return event.why === 'gone'
        ? `${nameOf(event.volunteer)} has gone: somebody else may take its place`
        : `${nameOf(event.volunteer)} takes longer than expected: somebody else may take its place`;
    case 'role-unfit':
      return `Nobody’s device fits ${trainedNameOf(event.role) ?? event.role}, which needs ${describeLeast(event)}`;
    case 'update-accepted':
      return describeAccepted(event, nameOf);
    case 'update-refused':
      return `An update from ${nameOf(event.volunteer)} was refused: ${refusals[event.reason].text}${event.detail ? ` (${event.detail})` : ''}${event.costsStanding ? '. It loses standing' : ''}`;
    case 'version-checking':
      return event.turn === 1
        ? `A referee checks version ${event.version} before it is out`
        : `A referee checks version ${event.version} once more, without the harmful updates`;
    case 'candidate-refused':
      return `Version ${event.version} was not published: on held-out pictures its loss would be ${formatLoss(event.after)} after ${formatLoss(event.before)}`;
    case 'version-published':
      if (event.taken === false)
        return `Version ${event.version} has the weights of the one before: nothing of its round was taken`;
      if (event.weightsOf !== undefined)
        return `Version ${event.version} is out, with the weights of version ${event.weightsOf}`;
      return `Version ${event.version} is out: ${describeRoles(event.updates)} folded in${describeWeaker(event)}${describeWork(event)}`;
    case 'version-evaluated':
      return `Version ${event.version} reaches ${formatPercent(event.accuracy)}${event.confirmed === false ? ', which nobody could confirm' : ''}`;
    case 'judgement-contradicted':
      return `${nameOf(event.volunteer)} counted otherwise than others at ${plural(event.parts, 'part')} of the test of version ${event.version}, and loses standing`;
    case 'run-taken-back':
      return `${event.why === 'host' ? 'The host took the run' : 'The run went'} back from version ${event.from} to version ${event.to}${event.detail ? `: ${event.detail}` : ''}`;
  }
}

function describeWeaker({ aggregation = {} }: Extract<EventBody, { type: 'version-published' }>): string {
  const weaker = Object.entries(aggregation).flatMap(([role, told]) =>
    told?.fallback ? `${role} by ${told.fallback}` : [],
  );
  return weaker.length > 0 ? `; too few for the run’s rule: ${weaker.join(', ')}` : '';
}

/** [STAND3] How many updates were worth nothing, and why. */
function describeWork({ work = {} }: Extract<EventBody, { type: 'version-published' }>): string {
  const count = (outcome: 'zero' | 'copied' | 'unlike'): number =>
    Object.values(work).reduce((sum, told) => sum + (told?.[outcome]?.length ?? 0), 0);
  const parts = [
    [count('zero'), 'changed next to nothing'],
    [count('copied'), 'copied others'],
    [count('unlike'), 'pointed elsewhere than the others'],
  ] as const;
  const told = parts.flatMap(([updates, what]) =>
    updates > 0 ? `${plural(updates, 'update')} ${what}` : [],
  );
  return told.length > 0 ? `; ${told.join(', ')}` : '';
}

function describeAccepted(event: Extract<EventBody, { type: 'update-accepted' }>, nameOf: NameOf): string {
  const who = nameOf(event.volunteer);
  if (event.role === 'evaluator') return `${who} finished a test`;
  const trained = trainedNameOf(event.role);
  const late = event.countsIn === undefined ? '' : `, late: it counts in round ${event.countsIn}`;
  return `${who} added an update ${trained ? `of ${trained}` : `as ${event.role}`}: ${formatBytes(event.bytes)}, by its own word a loss of ${formatLoss(event.loss === null ? null : shownLoss(event.loss))}${late}`;
}
