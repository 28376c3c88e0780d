import { describe, expect, it } from 'vitest';
import { planSettings } from '../../client/host/plan-settings.ts';
import { formatLength } from '../../client/web/new-run/format-length.ts';
import { networks as deNetworks } from '../../client/web/words/de/networks.ts';
import { newRun as deNewRun } from '../../client/web/words/de/new-run.ts';
import { plans as dePlans } from '../../client/web/words/de/plans.ts';
import { networks } from '../../client/web/words/en/networks.ts';
import { newRun } from '../../client/web/words/en/new-run.ts';
import { plans } from '../../client/web/words/en/plans.ts';
import { aggregationNames } from '../../shared/protocol/aggregation-spec.ts';
import { zooNames } from '../../shared/protocol/model-zoo.ts';
import { planNames } from '../../shared/protocol/plan-spec.ts';

describe('the words of the form', () => {
  it.each(zooNames)('say in both languages what %s is good for, in one sentence', name => {
    for (const { goodFor } of [networks, deNetworks]) expect(goodFor(name)).toMatch(/^[^.]+ [^.]+\.$/);
    expect(deNetworks.goodFor(name)).not.toBe(networks.goodFor(name));
  });

  it.each(planNames)('tell %s in one sentence in both languages, and all its settings', plan => {
    for (const { sentence } of [plans, dePlans]) expect(sentence(plan)).toMatch(/^[^.]+ [^.]+\.$/);
    for (const setting of planSettings(plan)) {
      expect(dePlans.label(setting)).not.toBe(plans.label(setting));
      expect(dePlans.takes(setting)).not.toBe(plans.takes(setting));
      if (setting.kind === 'number') expect(dePlans.hint(setting)).not.toBe(plans.hint(setting));
      else
        for (const choice of setting.choices)
          expect(dePlans.choice(setting, choice)).not.toBe(plans.choice(setting, choice));
    }
  });

  it.each(aggregationNames)('explain %s in both languages', name => {
    expect(newRun.aggregationText(name)).toMatch(/\.$/);
    expect(deNewRun.aggregationText(name)).not.toBe(newRun.aggregationText(name));
  });
});

describe('a length of time', () => {
  it.each([
    [0.2, '1 s'],
    [59, '59 s'],
    [100, '2 min'],
    [754, '13 min'],
    [7_300, '2 h'],
    [172_800, '2 days'],
    [12_345_678, '140 days'],
  ])('of %d seconds is told as people say it: %s', (seconds, told) => {
    expect(formatLength(seconds)).toBe(told);
  });
});
