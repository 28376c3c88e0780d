import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { taskMacs } from '../../../shared/plan/cost/macs.ts';
import { taskMemoryBytes } from '../../../shared/plan/cost/memory.ts';
import { kindOf as workOf } from '../../../shared/plan/kinds-over-run.ts';
import {
  checkPlan,
  evaluationTask,
  fitsDevices,
  judgedSegments,
  networkFor,
  planTasks,
  stageOf,
} from '../../../shared/plan/plan-tasks.ts';
import { isSameExit } from '../../../shared/plan/task/exits.ts';
import { rateAt } from '../../../shared/plan/task/schedule.ts';
import {
  type Branch,
  branchesOf,
  type Exit,
  segmentsOf,
  type Task,
  taskSchema,
  throughOf,
} from '../../../shared/protocol/lease.ts';
import {
  averageOf,
  bodySegments,
  headOf,
  type ModelOutline,
} from '../../../shared/protocol/model-outline.ts';
import { narrowOutline } from '../../../shared/protocol/narrow-outline.ts';
import { planNames } from '../../../shared/protocol/plan-spec.ts';
import type { RunSpec } from '../../../shared/protocol/run-spec.ts';
import { propertyRuns } from '../../support/extent.ts';
import { arbitraryRun } from './arbitrary-runs.ts';
import { chainOutline } from './outlines.ts';

const RUNS = propertyRuns(4);
const cases = planNames.flatMap(name => [2, 3, 4].map(count => ({ name, count })));

const roundsOf = ({ rounds }: RunSpec): number[] => Array.from({ length: rounds }, (_, i) => i + 1);
const idsOf = (outline: ModelOutline): string[] => bodySegments(outline).map(({ id }) => id);
const kindOf = (outline: ModelOutline, id: string): string | undefined =>
  outline.segments.find(segment => segment.id === id)?.kind;
const distilsOf = (task: Task) => task.exits.flatMap(({ distils }) => distils);

/** Whether each id follows the one before it in the model, and the last one gives logits. */
function leadsToLogits(outline: ModelOutline, { after, through }: Branch): boolean {
  const ids = idsOf(outline);
  const [next, ...rest] = through;
  if (next === undefined) return after === ids.at(-1);
  if (next === ids[ids.indexOf(after) + 1]) return leadsToLogits(outline, { after: next, through: rest });
  const standing = averageOf(outline, after);
  const chain = [...(standing ? [standing.id] : []), headOf(outline, after)?.id];
  return through.join() === chain.join();
}

/** The same of an exit and of all that is added to it. */
const allLeadToLogits = (outline: ModelOutline, exit: Exit): boolean =>
  branchesOf(exit).every(branch => leadsToLogits(outline, branch));

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}

/** The rate with which a segment may begin: some plans give early ones their own. */
const highestRate = ({ plan, training }: RunSpec): number =>
  training.learningRate * ('earlyRate' in plan ? Math.max(1, plan.earlyRate) : 1);

/** Whether the tasks of a round have all channels together: each those of the one before and more, or each its own. */
function expectSlices(round: readonly Task[], isNested: boolean): void {
  for (const { trains } of round) expect(trains).toEqual(round[0]?.trains);
  const sliced = round.flatMap(({ slices }) => (slices ? [slices] : []));
  expect(sliced).toHaveLength(isNested ? round.length - 1 : round.length);
  for (const [space, { of }] of sliced[0]?.entries() ?? []) {
    const channels = sliced.map(slices =>
      (slices[space]?.spans ?? []).flatMap(({ first, count }) =>
        Array.from({ length: count }, (_, i) => first + i),
      ),
    );
    for (const own of channels) expect(own).toEqual([...new Set(own)].toSorted((a, b) => a - b));
    if (!isNested)
      expect(channels.flat().toSorted((a, b) => a - b)).toEqual(Array.from({ length: of }, (_, i) => i));
    else
      for (const [i, own] of channels.entries())
        expect(channels[i + 1]?.slice(0, own.length) ?? own).toEqual(own);
  }
}

describe.each(cases)('the plan $name on $count segments', ({ name, count }) => {
  const outline = deepFreeze(chainOutline(count, { averages: name === 'momentum-auxiliary' }));
  const ids = idsOf(outline);
  const inOrder = ids.join();

  /** Holds the rule to many runs with settings and rounds of all kinds. */
  const inEveryRun = (rule: (spec: RunSpec, rounds: (readonly Task[])[]) => void): void =>
    fc.assert(
      fc.property(arbitraryRun(name, count), spec => {
        rule(
          spec,
          roundsOf(spec).map(round => planTasks(spec, outline, round)),
        );
      }),
      { numRuns: RUNS },
    );
  const inEveryTask = (rule: (task: Task, spec: RunSpec) => void): void =>
    inEveryRun((spec, rounds) => {
      for (const task of rounds.flat()) rule(task, spec);
    });

  it('serves the model', () => {
    inEveryRun(spec => expect(checkPlan(spec.plan, outline)).toEqual({ ok: true, value: true }));
  });

  it('gives something to do in every round, a role at most once, the evaluator never', () => {
    inEveryRun((_, rounds) => {
      for (const round of rounds) {
        const roles = round.map(({ role }) => role);
        expect(roles.length).toBeGreaterThan(0);
        expect(new Set(roles).size).toBe(roles.length);
        expect(roles).not.toContain('evaluator');
      }
    });
  });

  it('gives no weight to two roles of a round, unless a heavier one has all that a lighter one has', () => {
    inEveryRun(({ plan }, rounds) => {
      for (const round of rounds) {
        const trained = round.flatMap(({ trains }) => trains);
        expect(trained.length).toBeGreaterThan(0);
        if (plan.name === 'sub-networks') expectSlices(round, fitsDevices(plan));
        else if (!fitsDevices(plan)) expect(new Set(trained).size).toBe(trained.length);
        else for (const [i, { path }] of round.entries()) expect(path).toEqual(ids.slice(0, i + 1));
      }
    });
  });

  it('gives tasks of the agreed form, the same after a way through JSON', () => {
    inEveryTask(task => {
      expect(taskSchema.parse(task)).toEqual(task);
      expect(JSON.parse(JSON.stringify(task))).toEqual(task);
    });
  });

  it('runs body segments in their order, directly behind the frozen first ones', () => {
    inEveryTask(({ frozen, path }) => {
      expect(path.length).toBeGreaterThan(0);
      expect(inOrder.startsWith([...frozen, ...path].join())).toBe(true);
    });
  });

  it('has its exits on the path, what is added to them and distil sources there or on the last frozen one, all leading to logits', () => {
    inEveryTask(task => {
      const sources = distilsOf(task).map(({ distilFrom }) => distilFrom);
      for (const { after } of task.exits) expect(task.path).toContain(after);
      for (const exit of [...task.exits, ...sources]) {
        expect(allLeadToLogits(outline, exit)).toBe(true);
        for (const { after } of branchesOf(exit)) expect([...task.path, task.frozen.at(-1)]).toContain(after);
      }
    });
  });

  it('adds an exit to one behind it, each once, and trains a sum only if it grows to be judged by it', () => {
    inEveryTask((task, { plan }) => {
      const isSummed = plan.name === 'growing-together' && plan.answer === 'sum';
      const exits = task.exits.flatMap(exit => [exit, ...exit.distils.map(({ distilFrom }) => distilFrom)]);
      for (const exit of exits) {
        const places = branchesOf(exit).map(({ after }) => ids.indexOf(after));
        expect(places).toEqual([...new Set(places)].toSorted((a, b) => b - a));
        if (!isSummed) expect(exit.plus).toBeUndefined();
      }
    });
  });

  it('has a distil source that is a sum among its exits: it is asked nowhere else', () => {
    inEveryTask(task => {
      for (const { distilFrom } of distilsOf(task))
        if (distilFrom.plus) expect(task.exits.some(exit => isSameExit(exit, distilFrom))).toBe(true);
    });
  });

  it('trains what its gradients reach: body, then heads, no average, nothing frozen', () => {
    inEveryTask(({ path, exits, isolated, trains }) => {
      const body = trains.filter(id => path.includes(id));
      const heads = trains.slice(body.length);
      expect(trains).toEqual([...path.filter(id => body.includes(id)), ...heads]);
      for (const id of body) {
        const reached = isolated ? [id] : path.slice(path.indexOf(id));
        expect(exits.some(({ after }) => reached.includes(after))).toBe(true);
      }
      for (const id of heads) {
        expect(kindOf(outline, id)).toBe('head');
        expect(exits.flatMap(throughOf)).toContain(id);
      }
    });
  });

  it('weighs labels and distil sources: something in every exit, at least one in some', () => {
    inEveryTask(({ exits }) => {
      const weights = exits.map(({ labelWeight, distils }) =>
        distils.reduce((sum, { weight }) => sum + weight, labelWeight),
      );
      for (const weight of weights) expect(weight).toBeGreaterThan(0);
      expect(Math.max(...weights)).toBeGreaterThanOrEqual(1 - 1e-12);
    });
  });

  it('trains every body segment at some time, the control the first alone', () => {
    inEveryRun((_, rounds) => {
      const trained = new Set(rounds.flat().flatMap(({ trains }) => trains));
      expect(ids.filter(id => trained.has(id))).toEqual(name === 'student-alone' ? ids.slice(0, 1) : ids);
    });
  });

  it('is judged in every round by a chain from pixels to logits, in the last by the whole body and the heads that stay', () => {
    inEveryRun((spec, rounds) => {
      for (const round of [0, ...roundsOf(spec)]) {
        const task = evaluationTask(spec, outline, round);
        const [exit] = task.exits;
        expect(exit && allLeadToLogits(outline, exit)).toBe(true);
        expect(exit && branchesOf(exit).every(({ after }) => task.path.includes(after))).toBe(true);
        expect(task.path).toEqual(ids.slice(0, ids.indexOf(exit?.after ?? '') + 1));
        expect(taskSchema.parse(task)).toMatchObject({ trains: [] });
        expect(segmentsOf(task)).toEqual(judgedSegments(spec, outline, round));
      }
      const last = judgedSegments(spec, outline, rounds.length);
      const { keepsHeads } = networkFor(spec.plan);
      const kept = keepsHeads ? ids.slice(0, -1).flatMap(id => headOf(outline, id)?.id ?? []) : [];
      expect(last.toSorted()).toEqual(
        name === 'student-alone' ? ['head-1', 'segment-1'] : [...kept, ...ids].toSorted(),
      );
    });
  });

  it('lets the rate of no segment rise, nor leave the run’s', () => {
    inEveryRun((spec, rounds) => {
      for (const { id } of outline.segments) {
        const rates = rounds.flatMap(round => {
          const schedules = round.filter(({ trains }) => trains.includes(id)).map(({ schedule }) => schedule);
          const [first] = schedules;
          for (const schedule of schedules) expect(schedule).toEqual(first);
          return first ? [0, 0.5, 1].map(at => rateAt(first, id, at)) : [];
        });
        rates.reduce((before, rate) => {
          expect(rate).toBeLessThanOrEqual(before + 1e-12);
          expect(rate).toBeGreaterThanOrEqual(0);
          return rate;
        }, highestRate(spec));
      }
    });
  });

  it('takes memory and arithmetic: once forward at least, thrice at most but for distil sources', () => {
    inEveryTask(task => {
      const heads = new Set(task.exits.flatMap(throughOf));
      const run = [...task.frozen, ...task.path, ...heads];
      const sources = distilsOf(task).flatMap(({ distilFrom }) => throughOf(distilFrom));
      const macs = (list: readonly string[]): number =>
        narrowOutline(outline, task.slices).segments.reduce(
          (sum, s) => sum + list.filter(id => id === s.id).length * s.macs,
          0,
        );
      expect(taskMacs(outline, task)).toBeGreaterThan(macs(run));
      expect(taskMacs(outline, task)).toBeLessThanOrEqual(task.epochs * (3 * macs(run) + macs(sources)));
      expect(taskMemoryBytes(outline, task, 8)).toBeGreaterThan(taskMemoryBytes(outline, task, 4));
    });
  });

  it('gives tasks of the same kinds in all rounds of a stage, if it tells its stages', () => {
    inEveryRun((spec, rounds) => {
      const kinds = new Map<number, string[]>();
      for (const [i, round] of roundsOf(spec).entries()) {
        const stage = stageOf(spec, round);
        if (stage === undefined) return;
        const own = rounds[i]?.map(workOf) ?? [];
        expect(own).toEqual(kinds.get(stage) ?? own);
        kinds.set(stage, own);
      }
    });
  });

  it('is a pure function: frozen inputs will do, and the same round again gives the same tasks', () => {
    inEveryRun((spec, rounds) => {
      deepFreeze(spec);
      expect(roundsOf(spec).map(round => planTasks(spec, outline, round))).toEqual(rounds);
    });
  });
});
