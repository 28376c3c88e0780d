import type { EventBody } from '../../../shared/protocol/events.ts';
import type { Role } from '../../../shared/protocol/identifiers.ts';
import { shownLoss } from '../../../shared/view/figures.ts';
import { rolesInOrder } from '../../host/role-order.ts';
import { formatBytes, formatLoss, formatPercent } from '../ui/format.ts';
import { eventWords } from '../words/event-words.ts';
import { inPageLanguage } from '../words/language.ts';

/** Names of volunteers by id, for people. */
export type NameOf = (volunteer: string | null) => string;

type Of<T extends EventBody['type']> = Extract<EventBody, { type: T }>;

export type Published = Of<'version-published'>;

/**
 * One event of the ledger in words.
 * @param before the version that came out before. If its round counted by the same weaker rules, they are not told again
 */
export function describeEvent(event: EventBody, nameOf: NameOf, before: Published | null = null): string {
  const words = eventWords();
  switch (event.type) {
    case 'run-opened':
      return words.opened;
    case 'run-paused':
      return words.pause(event.why, event.detail && inPageLanguage(event.detail)) ?? words.pausedByHost;
    case 'run-closing':
      return words.closing;
    case 'run-finished':
      return words.finished(words.whyFinished(event.why)) + (event.untested ? words.untested : '');
    case 'volunteer-joined':
      return words.joined(event.name, event.backend, event.referee);
    case 'volunteer-removed':
      return words.removed(nameOf(event.volunteer));
    case 'volunteer-renamed':
      return words.renamed(event.name);
    case 'volunteers-left':
      return words.left(event.volunteers.length);
    case 'round-opened':
      return words.roundOpened(event.round, describeRoles(event.goals));
    case 'round-extended':
      return words.roundExtended(event.round);
    case 'lease-granted':
      return describeGranted(event, nameOf);
    case 'lease-ended':
      return words.gaveBack(nameOf(event.volunteer), inPageLanguage(event.why));
    case 'place-freed':
      return words[event.why](nameOf(event.volunteer));
    case 'role-unfit':
      return words.unfit(event.role, event);
    case 'update-accepted':
      return describeAccepted(event, nameOf);
    case 'update-refused':
      return describeRefused(event, nameOf);
    case 'version-checking':
      return words.checking(event.version, event.turn);
    case 'candidate-refused':
      return words.candidateRefused(event.version, formatLoss(event.after), formatLoss(event.before));
    case 'version-published':
      return describePublished(event, before);
    case 'version-evaluated':
      return words.evaluated(event.version, formatPercent(event.accuracy), event.confirmed !== false);
    case 'judgement-contradicted':
      return words.contradicted(nameOf(event.volunteer), event.parts, event.version);
    case 'run-taken-back':
      return words.takenBack(event.why === 'host', event.from, event.to) + after(': ', event.detail);
  }
}

const after = (mark: string, detail: string | undefined): string =>
  detail === undefined ? '' : `${mark}${inPageLanguage(detail)}`;

function describeRoles(byRole: Partial<Record<Role, number>>): string {
  const words = eventWords();
  const counted = rolesInOrder.flatMap(role => {
    const count = byRole[role] ?? 0;
    return count > 0 ? [words.ofRole(count, role)] : [];
  });
  return counted.join(', ') || words.noUpdates;
}

function describeGranted({ volunteer, role, round, root }: Of<'lease-granted'>, nameOf: NameOf): string {
  const words = eventWords();
  const name = nameOf(volunteer);
  return role === 'evaluator' ? words.tests(name, round) : words.trains(name, role, root === true);
}

function describeAccepted(event: Of<'update-accepted'>, nameOf: NameOf): string {
  const words = eventWords();
  const name = nameOf(event.volunteer);
  if (event.role === 'evaluator') return words.finishedTest(name);
  const loss = formatLoss(event.loss === null ? null : shownLoss(event.loss));
  const late = event.countsIn === undefined ? '' : words.countsLate(event.countsIn);
  return words.added(name, event.role, formatBytes(event.bytes), loss) + late;
}

function describeRefused(
  { volunteer, reason, detail, costsStanding }: Of<'update-refused'>,
  nameOf: NameOf,
): string {
  const words = eventWords();
  const why = words.refusal(reason) + (detail ? ` (${inPageLanguage(detail)})` : '');
  return words.refused(nameOf(volunteer), why) + (costsStanding ? words.losesStanding : '');
}

function describePublished(event: Published, before: Published | null): string {
  const words = eventWords();
  if (event.taken === false) return words.nothingTaken(event.version);
  if (event.weightsOf !== undefined) return words.publishedAgain(event.version, event.weightsOf);
  const told = words.published(event.version, describeRoles(event.updates));
  return told + describeWork(event) + describeWeaker(event, before);
}

/** By role, the weaker rule by which its updates counted. */
const weakerIn = ({ aggregation = {} }: Published): (readonly [role: Role, rule: string])[] =>
  rolesInOrder.flatMap(role => {
    const rule = aggregation[role]?.fallback;
    return rule ? [[role, rule] as const] : [];
  });

function describeWeaker(event: Published, before: Published | null): string {
  const weaker = weakerIn(event);
  const isTold = before !== null && String(weakerIn(before)) === String(weaker);
  return weaker.length > 0 && !isTold ? eventWords().weakerRule(weaker) : '';
}

/** [STAND3] How many updates were worth nothing, and why. */
function describeWork({ work = {} }: Of<'version-published'>): string {
  const words = eventWords();
  const count = (outcome: 'zero' | 'copied' | 'unlike'): number =>
    Object.values(work).reduce((sum, told) => sum + (told?.[outcome]?.length ?? 0), 0);
  const parts = [
    [count('zero'), words.changedNothing],
    [count('copied'), words.copied],
    [count('unlike'), words.pointedElsewhere],
  ] as const;
  const told = parts.flatMap(([updates, say]) => (updates > 0 ? [say(updates)] : []));
  return told.length > 0 ? `; ${told.join(', ')}` : '';
}
