import { expect, test } from 'vitest';
import { countRun } from '../bench/cost/count-run.ts';
import { reckon, rowsACall } from '../bench/cost/reckon.ts';

test('a grant and its share of a report write at most five rows, and who asks in vain writes none', async () => {
  const counted = await countRun({ volunteers: 4, rounds: 2, polls: 3 });
  expect(counted.answers).toBeGreaterThanOrEqual(8);
  expect(counted.costs['poll in vain']?.calls).toBeGreaterThan(0);
  expect(rowsACall(counted, 'poll in vain')).toBe(0);
  // Each is one row. An alarm is set now and then.
  expect(rowsACall(counted, 'grant') + rowsACall(counted, 'report')).toBeLessThanOrEqual(5);
  expect(rowsACall(counted, 'join')).toBeLessThanOrEqual(2);
  // Everyone has an event socket, and hears of what happens by a relay.
  expect(counted.costs.socket?.calls).toBeGreaterThanOrEqual(4);
  expect(counted.costs.tell?.calls).toBeGreaterThan(0);
  expect(rowsACall(counted, 'tell')).toBe(0);
  expect(reckon(counted, 1_000_000)).toMatchObject({ relays: 2_000, tellsASecond: 8_000 });
  // 28.8 million requests at 0.15 $ a million.
  expect(reckon(counted, 1_000_000).tellsUSDAnHour).toBeCloseTo(4.32, 1);
  // One relay, and an event a second.
  expect(reckon(counted, 30)).toMatchObject({ relays: 1, tellsASecond: 1 });
});
