import { describe, expect, it } from 'vitest';
import { mayFoldAt } from '../../../shared/federation/round/fold-failures.ts';
import { pendingFolds } from '../../../shared/federation/round/fold-order.ts';
import { stepRun } from '../../../shared/federation/round-machine.ts';
import { initialState, type RunInput, type RunState } from '../../../shared/federation/run-state.ts';
import { explainPause } from '../../../shared/protocol/pause.ts';
import type { RunConfig } from '../../../shared/protocol/run-config.ts';
import { tinyRequest } from '../../support/tiny-run.ts';
import { unwrap } from '../codec/arbitraries.ts';

const request = tinyRequest({ spec: { plan: { name: 'conventional' } } });
const config: RunConfig = { spec: request.spec, model: request.model };
const folding: RunState = {
  ...initialState(request.segments),
  phase: 'open',
  round: { status: 'folding', number: 1, served: { whole: ['ada'] }, goals: { whole: 1 }, folded: {} },
};
const tried = (failure: string | null, round = 1): RunInput => ({
  type: 'fold-tried',
  role: 'whole',
  round,
  failure,
});

/** Nobody waits longer for the next attempt. */
const APART_MS = 100_000;

/** The state and the entries after these inputs. */
function play(state: RunState, inputs: readonly RunInput[]) {
  return inputs.reduce(
    (before, input, i) => {
      const step = unwrap(stepRun(config, before.state, input, APART_MS * (i + 1)));
      return { state: step.state, events: [...before.events, ...step.events] };
    },
    { state, events: [] as readonly { readonly type: string }[] },
  );
}

const fails = (times: number): RunInput[] => Array.from({ length: times }, () => tried('out of memory'));

describe('[ROUND8] a fold that fails', () => {
  it('is tried again after five seconds, then each time after twice as long', () => {
    const waits = [1, 2, 3, 4, 5].map(
      times => (mayFoldAt(play(folding, fails(times)).state, APART_MS * times) ?? 0) - APART_MS * times,
    );
    expect(waits).toEqual([5_000, 10_000, 20_000, 40_000, 80_000]);
  });

  it('pauses the run after six failures in a row, and says what failed', () => {
    expect(play(folding, fails(5)).events).toEqual([]);
    const { state, events } = play(folding, fails(6));
    const detail = 'whole, round 1: out of memory';
    expect(events).toEqual([{ type: 'run-paused', why: 'fold-failed', detail }]);
    expect(state.phase).toBe('paused');
    expect(mayFoldAt(state, 0)).toBeNull();
    expect(explainPause({ phase: 'paused', why: 'fold-failed', whyDetail: detail })).toMatch(
      /cannot be made into a version \(whole, round 1: out of memory\)\. All of them are kept\. If the host resumes/,
    );
  });

  it('counts once if all roles of a round fail together, as they do if a deployment ends every cohort', () => {
    const roles = ['student', 'segment-2', 'segment-3', 'segment-4', 'segment-5', 'teacher'] as const;
    const goals = Object.fromEntries(roles.map(role => [role, 1]));
    const round = { ...folding.round, goals } as RunState['round'];
    const fail = (state: RunState, now: number): RunState =>
      roles.reduce(
        (before, role, i) =>
          unwrap(stepRun(config, before, { ...tried('the object was reset'), role } as RunInput, now + i))
            .state,
        state,
      );
    const once = fail({ ...folding, round }, 1_000);
    expect(once).toMatchObject({ phase: 'open', foldFailures: { count: 1, retryAt: 6_000 } });
    expect(fail(once, 6_000).foldFailures).toEqual({ count: 2, retryAt: 16_000 });
  });

  it('counts anew if it gets further', () => {
    const { state, events } = play(folding, [...fails(5), tried(null), ...fails(5)]);
    expect(events).toEqual([]);
    expect(state.foldFailures?.count).toBe(5);
  });

  it('is asked again once the host resumes the run, and its version comes out', () => {
    const { state } = play(folding, [...fails(6), { type: 'control', action: 'resume' }]);
    expect(mayFoldAt(state, 0)).toBe(0);
    expect(pendingFolds(config, state)).toEqual(['whole']);
    const folded = { type: 'folded', role: 'whole', round: 1, result: { updates: 1, segments: {} } } as const;
    const out = play(state, [folded]);
    expect(out.events).toContainEqual(expect.objectContaining({ type: 'version-published', version: 1 }));
  });

  it('stays counted though its host has paused the run, which is not paused twice', () => {
    const { state, events } = play({ ...folding, phase: 'paused' }, fails(6));
    expect(events).toEqual([]);
    expect(mayFoldAt(state, 0)).toBeNull();
  });

  it('of a round that is published says nothing of the next one', () => {
    expect(play(folding, [tried('late', 2)]).state.foldFailures).toBeUndefined();
  });

  it('waits no longer if the clock is set back meanwhile', () => {
    const { state } = play(folding, fails(1));
    expect(mayFoldAt(state, -3_600_000)).toBe(-3_600_000);
  });
});
