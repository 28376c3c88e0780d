import { expect, test } from 'vitest';
import { countRun } from '../bench/cost/count-run.ts';
import { rowsACall } from '../bench/cost/reckon.ts';

test('a grant and its share of a report write at most five rows, and who asks in vain writes none', async () => {
  const counted = await countRun({ volunteers: 4, rounds: 2, polls: 3 });
  expect(counted.answers).toBeGreaterThanOrEqual(8);
  expect(counted.costs['poll in vain']?.calls).toBeGreaterThan(0);
  expect(rowsACall(counted, 'poll in vain')).toBe(0);
  // Each is one row. An alarm is set now and then.
  expect(rowsACall(counted, 'grant') + rowsACall(counted, 'report')).toBeLessThanOrEqual(5);
  expect(rowsACall(counted, 'join')).toBeLessThanOrEqual(2);
});
