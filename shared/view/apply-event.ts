import type { EventBody, RunEvent } from '../protocol/events.ts';
import type { RoundView, RunView, VolunteerView } from '../protocol/run-view.ts';

/** [VIEW4] Refusals that the view keeps. The ledger has all of them. */
const SHOWN_REFUSALS = 20;

const emptyRound = (round: number, version: number): RoundView => ({
  round,
  version,
  at: 0,
  updates: {},
  loss: {},
  bytesUp: 0,
  bytesDown: 0,
  refused: 0,
  accuracy: null,
  testLoss: null,
});

export const emptyView = (): RunView => ({
  seq: 0,
  phase: 'draft',
  round: 1,
  version: 0,
  openedAt: null,
  finishedAt: null,
  why: null,
  goals: {},
  current: emptyRound(1, 0),
  rounds: [],
  volunteers: {},
  refusals: [],
  accuracy: null,
  bestAccuracy: null,
  accepted: 0,
  refused: 0,
  bytesUp: 0,
  bytesDown: 0,
  trainingUpdates: 0,
});

/**
 * Folds one ledger entry into what people see. The coordinator, the page and the demo's table all use this function,
 * so they cannot disagree. [VIEW1] It passes over events that it has seen, so to catch up twice does no harm.
 */
export function applyEvent(view: RunView, { seq, at, event }: RunEvent): RunView {
  if (seq <= view.seq) return view;
  return { ...applyBody(view, event, seq, at), seq };
}

function applyBody(view: RunView, event: EventBody, seq: number, at: number): RunView {
  switch (event.type) {
    case 'run-opened':
      return { ...withoutWhy(view), phase: 'open', openedAt: view.openedAt ?? at };
    case 'run-paused':
      // `why` is missing in ledgers that were written before a run could pause itself.
      return {
        ...withoutWhy(view),
        phase: 'paused',
        why: event.why ?? 'host',
        ...(event.detail === undefined ? {} : { whyDetail: event.detail }),
      };
    case 'run-finished':
      return { ...withoutWhy(view), phase: 'finished', finishedAt: at, why: event.why };
    case 'volunteer-joined':
      return withVolunteer(view, event.volunteer, at, {
        name: event.name,
        backend: event.backend,
        referee: event.referee,
        index: view.volunteers[event.volunteer]?.index ?? Object.keys(view.volunteers).length,
      });
    case 'round-opened':
      return { ...view, round: event.round, goals: event.goals };
    case 'round-extended':
      return view;
    case 'lease-granted':
      return grantLease(view, event, at);
    case 'lease-ended':
      return endLease(view, event.volunteer, event.lease, at);
    case 'place-freed':
      return view;
    case 'update-accepted':
      return accept(view, event, at);
    case 'update-refused':
      return refuse(view, event, seq, at);
    case 'version-published':
      return publish(view, event, at);
    case 'version-evaluated':
      return evaluate(view, event);
  }
}

function withoutWhy({ whyDetail: _, ...view }: RunView): RunView {
  return { ...view, why: null };
}

function withVolunteer(view: RunView, id: string, at: number, change: Partial<VolunteerView>): RunView {
  const known = view.volunteers[id] ?? {
    volunteer: id,
    index: null,
    name: id,
    backend: '',
    referee: false,
    role: null,
    lease: null,
    next: null,
    samplesPerSecond: null,
    updates: 0,
    refused: 0,
    seenAt: at,
  };
  return { ...view, volunteers: { ...view.volunteers, [id]: { ...known, ...change, seenAt: at } } };
}

/**
 * [VIEW3] If the volunteer has a lease in hand, this one is beside it. Otherwise the ledger would have told first
 * that the older one ended.
 */
function grantLease(
  view: RunView,
  { volunteer, role, lease }: Extract<EventBody, { type: 'lease-granted' }>,
  at: number,
): RunView {
  const isBusy = (view.volunteers[volunteer]?.lease ?? null) !== null;
  return withVolunteer(view, volunteer, at, isBusy ? { next: { role, lease } } : { role, lease });
}

/**
 * [VIEW3] An update to an older lease must not blank the lease in hand. After the lease in hand comes the one beside
 * it.
 */
function endLease(
  view: RunView,
  volunteer: string,
  lease: string,
  at: number,
  change: Partial<VolunteerView> = {},
): RunView {
  const known = view.volunteers[volunteer];
  // `next` is missing in views that were kept before leases could be asked for ahead.
  const next = known?.next ?? null;
  if (known?.lease === lease)
    return withVolunteer(view, volunteer, at, {
      ...change,
      role: next?.role ?? null,
      lease: next?.lease ?? null,
      next: null,
    });
  return withVolunteer(view, volunteer, at, next?.lease === lease ? { ...change, next: null } : change);
}

function accept(view: RunView, event: Accepted, at: number): RunView {
  const volunteer = view.volunteers[event.volunteer];
  const isTraining = event.role !== 'evaluator';
  const next = endLease(view, event.volunteer, event.lease, at, {
    backend: event.backend,
    updates: (volunteer?.updates ?? 0) + 1,
    samplesPerSecond: event.samplesPerSecond ?? volunteer?.samplesPerSecond ?? null,
  });
  return {
    ...next,
    accepted: next.accepted + 1,
    trainingUpdates: next.trainingUpdates + (isTraining ? 1 : 0),
    bytesUp: next.bytesUp + event.bytes,
    bytesDown: next.bytesDown + event.downloadBytes,
    ...countUpdate(next, event, isTraining),
  };
}

type Accepted = Extract<EventBody, { type: 'update-accepted' }>;

/** [VIEW4] A late update of a round that has not begun is kept for it. Its loss and bytes are of the round that runs. */
function countUpdate(
  { current, upcoming = {} }: RunView,
  event: Accepted,
  isTraining: boolean,
): Pick<RunView, 'current' | 'upcoming'> {
  const { role, countsIn = 0 } = event;
  const round = addToRound(current, event, isTraining);
  if (countsIn <= current.round)
    return { current: countsIn === 0 ? round : { ...round, late: (round.late ?? 0) + 1 } };
  const kept = upcoming[countsIn] ?? {};
  return {
    current: { ...round, updates: current.updates },
    upcoming: { ...upcoming, [countsIn]: { ...kept, [role]: (kept[role] ?? 0) + 1 } },
  };
}

function addToRound(round: RoundView, event: Accepted, isTraining: boolean): RoundView {
  const bytes = { bytesUp: round.bytesUp + event.bytes, bytesDown: round.bytesDown + event.downloadBytes };
  if (!isTraining) return { ...round, ...bytes };
  const count = round.updates[event.role] ?? 0;
  const mean = ((round.loss[event.role] ?? 0) * count + (event.loss ?? 0)) / (count + 1);
  return {
    ...round,
    ...bytes,
    updates: { ...round.updates, [event.role]: count + 1 },
    loss: { ...round.loss, [event.role]: mean },
  };
}

function refuse(
  view: RunView,
  event: Extract<EventBody, { type: 'update-refused' }>,
  seq: number,
  at: number,
): RunView {
  const { volunteer, role, reason, detail } = event;
  const shown = { seq, at, volunteer, role, reason, ...(detail === undefined ? {} : { detail }) };
  const known = volunteer === null ? undefined : view.volunteers[volunteer];
  const next = known
    ? endLease(view, known.volunteer, event.lease, at, { refused: known.refused + 1 })
    : view;
  return {
    ...next,
    refused: next.refused + 1,
    current: { ...next.current, refused: next.current.refused + 1 },
    refusals: [shown, ...next.refusals].slice(0, SHOWN_REFUSALS),
  };
}

function publish(
  view: RunView,
  event: Extract<EventBody, { type: 'version-published' }>,
  at: number,
): RunView {
  const done = { ...view.current, round: event.round, version: event.version, at, updates: event.updates };
  const { upcoming = {}, ...rest } = view;
  const { [event.round + 1]: late, ...later } = upcoming;
  return {
    ...rest,
    version: event.version,
    rounds: [...view.rounds, done],
    goals: {},
    current: { ...emptyRound(event.round + 1, event.version), ...(late && lateUpdates(late)) },
    ...(Object.keys(later).length > 0 && { upcoming: later }),
  };
}

const lateUpdates = (updates: RoundView['updates']): Pick<RoundView, 'updates' | 'late'> => ({
  updates,
  late: Object.values(updates).reduce<number>((sum, count = 0) => sum + count, 0),
});

function evaluate(view: RunView, event: Extract<EventBody, { type: 'version-evaluated' }>): RunView {
  const result = { accuracy: event.accuracy, testLoss: event.loss };
  return {
    ...view,
    accuracy: event.accuracy,
    bestAccuracy: Math.max(view.bestAccuracy ?? 0, event.accuracy),
    rounds: view.rounds.map(round => (round.version === event.version ? { ...round, ...result } : round)),
  };
}
