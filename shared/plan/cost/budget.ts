import type { Role } from '../../protocol/identifiers.ts';
import { segmentsOf, type Task } from '../../protocol/lease.ts';
import { type ModelOutline, parametersOf, segmentById } from '../../protocol/model-outline.ts';
import { narrowOutline } from '../../protocol/narrow-outline.ts';
import { MAX_ROUNDS, type RunSpec } from '../../protocol/run-spec.ts';
import { tasksByRound } from '../plan-tasks.ts';
import { taskMacs } from './macs.ts';

/** What two runs are to have in common (shared/plan/README.md, "A fair comparison"). */
export type Match = 'flops' | 'steps' | 'bytes';

/** What a round is made of. */
export interface RoundWork {
  /** A round's updates, shared evenly among its roles as the federation does, or those of each role. */
  readonly updates: number | ((role: Role) => number);
  /** Of one update. */
  readonly examples: number;
  readonly batch: number;
  /** As they are sent: 4 for f32, 2 for f16. */
  readonly bytesPerParameter: number;
}

export interface Cost {
  readonly macs: number;
  /** Batches that some volunteer made an update of its weights from. */
  readonly steps: number;
  readonly uploadBytes: number;
  /** If nobody has kept anything from a round before. */
  readonly downloadBytes: number;
}

const nothing: Cost = { macs: 0, steps: 0, uploadBytes: 0, downloadBytes: 0 };

/** What a round with these tasks costs all its volunteers together. */
export const roundCost = (outline: ModelOutline, tasks: readonly Task[], work: RoundWork): Cost =>
  tasks
    .map(task => times(updateCost(outline, task, work), updatesOf(task, tasks, work)))
    .reduce(plus, nothing);

/** What a run of `spec.rounds` rounds costs all its volunteers together. */
export function runCost(spec: RunSpec, outline: ModelOutline, work: RoundWork): Cost {
  let sum = nothing;
  let costed: { readonly tasks: readonly Task[]; readonly cost: Cost } = { tasks: [], cost: nothing };
  for (const [, tasks] of tasksByRound(spec, outline)) {
    if (tasks !== costed.tasks) costed = { tasks, cost: roundCost(outline, tasks, work) };
    sum = plus(sum, costed.cost);
  }
  return sum;
}

export interface Budget {
  readonly match: Match;
  /** Multiply-accumulates, steps, or bytes uploaded, of all volunteers together. */
  readonly amount: number;
  readonly work: RoundWork;
}

/**
 * The number of rounds by which a run comes nearest to a budget and not above it: 0 if a single round is more, at most
 * MAX_ROUNDS. Every number of rounds is planned anew, since a plan's stages are shares of it; `spec.rounds` is not
 * looked at.
 */
export function roundsWithin(spec: RunSpec, outline: ModelOutline, { match, amount, work }: Budget): number {
  const total = (rounds: number): number =>
    rounds === 0 ? 0 : measure[match](runCost({ ...spec, rounds }, outline, work));
  const crossing = lastWithin(rounds => total(rounds) <= amount);
  // One round more may shorten a costly stage between two others by one round, so that totals go up in the large only.
  const near = outline.segments.length;
  return Array.from({ length: 2 * near + 1 }, (_, i) => crossing - near + i)
    .filter(rounds => rounds >= 0 && rounds <= MAX_ROUNDS)
    .map(rounds => ({ rounds, total: total(rounds) }))
    .filter(candidate => candidate.total <= amount)
    .reduce((best, candidate) => (candidate.total >= best.total ? candidate : best)).rounds;
}

const measure: Readonly<Record<Match, (cost: Cost) => number>> = {
  flops: ({ macs }) => macs,
  steps: ({ steps }) => steps,
  bytes: ({ uploadBytes }) => uploadBytes,
};

/** By doubling, then by halving: a number of rounds within, the next of which is not. */
function lastWithin(isWithin: (rounds: number) => boolean): number {
  let within = 0;
  let beyond = 1;
  while (beyond <= MAX_ROUNDS && isWithin(beyond)) [within, beyond] = [beyond, 2 * beyond];
  beyond = Math.min(beyond, MAX_ROUNDS + 1);
  while (beyond - within > 1) {
    const middle = Math.floor((within + beyond) / 2);
    if (isWithin(middle)) within = middle;
    else beyond = middle;
  }
  return within;
}

function updateCost(outline: ModelOutline, task: Task, work: RoundWork): Cost {
  const bytes = (model: ModelOutline, ids: readonly string[]): number =>
    work.bytesPerParameter * ids.reduce((sum, id) => sum + parametersOf(segmentById(model, id)), 0);
  return {
    macs: work.examples * taskMacs(outline, task),
    steps: task.epochs * Math.ceil(work.examples / work.batch),
    uploadBytes: bytes(narrowOutline(outline, task.slices), task.trains),
    downloadBytes: bytes(outline, segmentsOf(task)),
  };
}

const updatesOf = ({ role }: Task, tasks: readonly Task[], { updates }: RoundWork): number =>
  typeof updates === 'number' ? Math.max(1, Math.floor(updates / tasks.length)) : updates(role);

const times = (cost: Cost, count: number): Cost => ({
  macs: count * cost.macs,
  steps: count * cost.steps,
  uploadBytes: count * cost.uploadBytes,
  downloadBytes: count * cost.downloadBytes,
});

const plus = (a: Cost, b: Cost): Cost => ({
  macs: a.macs + b.macs,
  steps: a.steps + b.steps,
  uploadBytes: a.uploadBytes + b.uploadBytes,
  downloadBytes: a.downloadBytes + b.downloadBytes,
});
