import type { Frame } from '../../../shared/protocol/frames.ts';
import type { RoundView, RunView, VolunteerView } from '../../../shared/protocol/run-view.ts';
import { thinRounds } from '../../../shared/view/thin-rounds.ts';

/** As many as the platform lists of a crowd. */
const LISTED = 60;

const ROUND_MS = 20_000;

export interface CrowdSize {
  readonly volunteers: number;
  readonly rounds: number;
  /** Whether every round is sent, as older platforms do, and not only those that a chart has room for. */
  readonly areAllSent: boolean;
}

/** A run's view as it is after so many rounds with a crowd, made of that of a run without any. */
export function crowdView(empty: RunView, { volunteers, rounds, areAllSent }: CrowdSize): RunView {
  const begin = Date.now() - rounds * ROUND_MS;
  const all = Array.from({ length: rounds }, (_, i) => roundAfter(empty, i + 1, begin));
  const listed = Array.from({ length: Math.min(LISTED, volunteers) }, (_, i) => volunteerOf(i));
  return {
    ...empty,
    ...{ phase: 'open', openedAt: begin, round: rounds + 1, version: rounds },
    ...{ rounds: areAllSent ? all : thinRounds(all), joined: volunteers, here: volunteers },
    volunteers: Object.fromEntries(listed.map(each => [each.volunteer, each])),
    ...{ atWork: { student: volunteers >> 1, teacher: volunteers >> 2 }, accepted: rounds * 40 },
  };
}

/** What a view is told a moment later: a round more, and a third of the listed volunteers did something. */
export function nextChanges(view: RunView, tick: number): Extract<Frame, { type: 'changes' }> {
  const changed = Object.values(view.volunteers).filter((_, i) => i % 3 === tick % 3);
  const round = roundAfter(view, view.version + tick, view.openedAt ?? 0);
  return {
    type: 'changes',
    from: view.seq + tick - 1,
    latest: [],
    names: {},
    changes: {
      seq: view.seq + tick,
      fields: { round: round.round + 1, version: round.version, accepted: view.accepted + 40 * tick },
      volunteers: changed.map(each => ({ ...each, updates: each.updates + tick, seenAt: Date.now() })),
      ...{ unlisted: [], rounds: [round], leftOut: [], refusals: [] },
    },
  };
}

function roundAfter({ current }: Pick<RunView, 'current'>, round: number, begin: number): RoundView {
  const progress = 1 - 1 / (1 + round / 50);
  const wobble = Math.sin(round * 12.9898) / 100;
  return {
    ...current,
    ...{ round, version: round, at: begin + round * ROUND_MS, updates: { student: 20, teacher: 20 } },
    loss: { student: 2 - progress + wobble, teacher: 1.8 - progress + wobble },
    ...{ bytesUp: 4_000_000, bytesDown: 6_000_000, refused: 0 },
    ...{
      accuracy: round % 2 === 0 ? 0.1 + 0.85 * progress + wobble / 4 : null,
      testLoss: 2.3 - 2 * progress,
    },
  };
}

const volunteerOf = (index: number): VolunteerView => ({
  ...{
    volunteer: `crowd${String(index).padStart(5, '0')}`,
    index,
    name: `Volunteer ${index}`,
    backend: 'wasm',
  },
  ...{ referee: false, role: index % 4 === 0 ? null : 'student', lease: null, next: null },
  ...{ samplesPerSecond: 900 + index, updates: index, refused: 0, seenAt: Date.now() },
});
