import { expect, it } from 'vitest';
import { costText } from '../../../client/headless/cost/cost-text.ts';
import { type CostQuestion, reckonCost } from '../../../client/headless/cost/reckon-cost.ts';
import { zooNames } from '../../../shared/protocol/model-zoo.ts';
import { planNames } from '../../../shared/protocol/plan-spec.ts';

const pupils: CostQuestion = {
  ...{ volunteers: 30, minutes: 60, days: 20, spectators: 1, model: 'cnn', plan: 'layer-to-layer' },
};

it('reckons every network of the zoo and every plan', () => {
  const questions = [
    ...zooNames.map(model => ({ ...pupils, model })),
    ...planNames.map(plan => ({ ...pupils, plan })),
  ];
  for (const question of questions) {
    const { answers, withR2, withoutR2 } = reckonCost(question);
    expect(answers).toBeGreaterThan(0);
    for (const { share, used } of [...withR2.lines, ...withoutR2.lines])
      expect([Number.isFinite(share), used >= 0]).toEqual([true, true]);
  }
});

it('has the usual class within the free plan, and says which limit is next', () => {
  const reply = reckonCost(pupils);
  expect([reply.withR2.fits, reply.withoutR2.fits]).toEqual([true, true]);
  expect(costText(pupils, reply)).toMatch(/With R2: the free plan does\. Most used: requests to objects/);
});

it('says after how many minutes of a day the free plan ends, or after how many days', () => {
  const busy = { ...pupils, updates: 30 };
  expect(costText(busy, reckonCost(busy))).toMatch(/With R2: the free plan ends after \d+ minutes of a day/);
  const large = { ...busy, model: 'cnn-5', days: 31 };
  expect(costText(large, reckonCost(large))).toMatch(
    /Without R2: the free plan ends within the month, after \d+ such days\. Used up first: GB kept in objects/,
  );
});

it('says if the coordinator of a run is called more often than an object can be', () => {
  const crowd = { ...pupils, volunteers: 20_000, leaseSeconds: 0.1, updates: 500 };
  const reply = reckonCost(crowd);
  expect(reply.coordinatorCallsASecond).toBeGreaterThan(1_000);
  expect(costText(crowd, reply)).toContain('is called too often');
  expect(costText(pupils, reckonCost(pupils))).not.toContain('too often');
});
