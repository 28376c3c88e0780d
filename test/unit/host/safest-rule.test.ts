import { expect, it } from 'vitest';
import { safestRule } from '../../../client/host/safest-rule.ts';
import { type RunSpecInput, runSpecSchema } from '../../../shared/protocol/run-spec.ts';
import { smallModel, smallSpec } from '../federation/small-run.ts';

it.each<[change: Partial<RunSpecInput>, rule: string]>([
  [{ root: { parts: 1 } }, 'fltrust'],
  [{ root: { parts: 1 }, policy: { cohorts: 2 } }, 'clipped-mean'],
  [{ policy: { updatesPerRound: 3 } }, 'geometric-median'],
  [{ policy: { updatesPerRound: 2 } }, 'clipped-mean'],
  [{ plan: { name: 'layer-to-layer' }, policy: { updatesPerRound: 4 } }, 'clipped-mean'],
  [{ plan: { name: 'layer-to-layer' }, policy: { updatesPerRound: 6 } }, 'geometric-median'],
])('of a run with %j the safest rule is %s', (change, rule) => {
  const spec = runSpecSchema.parse(smallSpec({ plan: { name: 'conventional' }, ...change }));
  expect(safestRule(spec, smallModel)).toBe(rule);
});
