import { describe, expect, it } from 'vitest';
import { checkCoverage } from '../../../shared/plan/check-coverage.ts';
import { checkPlan } from '../../../shared/plan/plan-tasks.ts';
import type { ModelOutline } from '../../../shared/protocol/model-outline.ts';
import { type PlanName, planNames, planSpecSchema } from '../../../shared/protocol/plan-spec.ts';
import { smallSpec } from '../federation/small-run.ts';
import { chainOutline, without } from './outlines.ts';

const planOf = (name: PlanName, change: object = {}) => planSpecSchema.parse({ ...change, name });
const layered = planNames.filter(name => name !== 'conventional' && name !== 'sub-networks');
const headed = layered.filter(name => name !== 'layer-to-layer-through');
const accepts = { ok: true, value: true };
const refusal = (detail: unknown) => ({ ok: false, reason: 'bad-spec', detail });

const checked = (name: PlanName, outline: ModelOutline, change: object = {}) =>
  checkPlan(planOf(name, change), outline);

describe('a plan refuses, with the reason,', () => {
  it.each(layered)('%s: a model of one segment', name => {
    expect(checked(name, chainOutline(1))).toEqual(
      refusal(`${name} wants a network of two segments or more, chain-1 has one`),
    );
  });

  it.each(headed)('%s: a model without a head, naming where it belongs', name => {
    const bare = without(chainOutline(3, { averages: true }), 'head-2');
    expect(checked(name, bare)).toEqual(refusal(`${name} wants an auxiliary head on segment-2`));
  });

  it('momentum-auxiliary: a model without an average, saying what to do', () => {
    const detail =
      'momentum-auxiliary wants a moving average before the head of segment-2: build the network for this plan';
    const bare = without(chainOutline(3, { averages: true }), 'average-3');
    expect(checked('momentum-auxiliary', bare)).toEqual(refusal(detail));
    expect(checked('momentum-auxiliary', chainOutline(3))).toMatchObject({ ok: false });
  });

  it('growing-together: to freeze before it has grown', () => {
    const check = (growAt: number, freezeAt: number) =>
      checked('growing-together', chainOutline(2), { growAt, freezeAt });
    expect(check(0.5, 0.4)).toEqual(
      refusal('growing-together cannot freeze from 0.4 on, it grows until 0.5'),
    );
    expect(check(0.5, 0.5)).toEqual(accepts);
  });

  it('growing-together: of more than two segments, sums of which a part is at hand nowhere', () => {
    const check = (count: number, change: object) =>
      checked('growing-together', chainOutline(count), { answer: 'sum', ...change });
    expect(check(3, {})).toEqual(accepts);
    expect(check(3, { freezeAt: 0.8 })).toMatchObject(refusal(expect.stringContaining('cannot freeze')));
    expect(check(3, { lambda: 0 })).toMatchObject(refusal(expect.stringContaining('cannot distil sums')));
    expect(check(3, { lambda: 0, beta: 0 })).toEqual(accepts);
    expect(check(2, { freezeAt: 0.8, lambda: 0 })).toEqual(accepts);
  });
});

it('conventional and sub-networks serve any number of segments, layer-to-layer-through one without heads', () => {
  const bare = without(chainOutline(2), 'head-1');
  for (const outline of [bare, chainOutline(1)]) {
    expect(checked('conventional', outline)).toEqual(accepts);
    expect(checked('sub-networks', outline)).toEqual(accepts);
  }
  expect(checked('layer-to-layer-through', bare)).toEqual(accepts);
});

describe('rounds and settings that leave a segment as it began are refused', () => {
  const covered = (plan: object & { name: PlanName }, rounds: number) =>
    checkCoverage(smallSpec({ plan: planOf(plan.name, plan), rounds }), chainOutline(3));

  it.each([
    [{ name: 'growing' }, 3],
    [{ name: 'aug-local', turns: 'alternate' }, 3],
    [{ name: 'aug-local' }, 1],
    [{ name: 'growing-together' }, 2],
    [{ name: 'student-alone' }, 1],
  ] as const)('not %o in %i rounds', (plan, rounds) => {
    expect(covered(plan, rounds)).toEqual(accepts);
  });

  it.each([
    [{ name: 'growing' }, 2, 'segment-3'],
    [{ name: 'aug-local', turns: 'alternate' }, 2, 'segment-3'],
    [{ name: 'layer-to-layer', freezeAt: 0 }, 9, 'segment-1'],
    [{ name: 'growing-together', growAt: 1 }, 9, 'segment-3'],
  ] as const)('as %o in %i rounds, naming %s', (plan, rounds, left) => {
    expect(covered(plan, rounds)).toEqual(
      refusal(`${plan.name} with these settings never trains ${left}, rounds: ${rounds}`),
    );
  });
});
