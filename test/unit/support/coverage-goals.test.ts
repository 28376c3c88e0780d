import { expect, it } from 'vitest';
import { missing, raised } from '../../coverage/goals.ts';

const goal = { statements: 90, branches: 80, functions: 100 };

it('a folder below its goal is told, with the measure and how much it reached', () => {
  const reached = { shared: { ...goal, branches: 79.9 }, worker: goal };
  expect(missing({ shared: goal, worker: goal }, reached)).toEqual([
    'shared: 79.9 % of branches, the goal is 80 %',
  ]);
});

it('a folder that is not measured any more has not reached its goal', () => {
  expect(missing({ shared: goal }, {})).toHaveLength(3);
});

it('goals rise to the whole per cent that was reached, and never fall', () => {
  const reached = { shared: { statements: 92.7, branches: 70, functions: 100 } };
  expect(raised({ shared: goal }, reached)).toEqual({ shared: { ...goal, statements: 92 } });
});

it('a folder without a goal gets what it reached', () => {
  expect(raised({}, { worker: { statements: 96.05, branches: 88.2, functions: 99.5 } })).toEqual({
    worker: { statements: 96, branches: 88, functions: 99 },
  });
});
