import { describe, expect, it } from 'vitest';
import type { Result } from '../../../shared/protocol/refusals.ts';
import { JoinGate } from '../../../worker/coordinator/join-gate.ts';
import { siteOf } from '../../../worker/coordinator/site-of.ts';

const START = 1_000_000;

/** How long each of these waits, in ms: 0 if it is let in. */
const waitOf = (result: Result<true>): number => (result.ok ? 0 : (result.retryAfterMs ?? Number.NaN));

class Door {
  private readonly gate = new JoinGate();
  now = START;

  join(wish: string, address = '203.0.113.7', hasCode = false): number {
    return waitOf(this.gate.admit({ wish, address, hasCode }, this.now));
  }

  joinAll(count: number, name: string, addressOf: (i: number) => string, hasCode = false): number[] {
    return Array.from({ length: count }, (_, i) => this.join(`${name} ${i}`, addressOf(i), hasCode));
  }
}

const one = (): string => '203.0.113.7';

describe('[CROWD7] joins', () => {
  it('of two classes behind one address are let in at once, and thirty a minute for ever', () => {
    const door = new Door();
    expect(door.joinAll(60, 'pupil', one)).toEqual(Array(60).fill(0));
    for (let minute = 1; minute <= 5; minute++) {
      door.now += 60_000;
      expect(door.joinAll(30, `class ${minute}`, one)).toEqual(Array(30).fill(0));
    }
  });

  it('beyond a burst wait their turn, each its own, and are let in when they come back for it', () => {
    const door = new Door();
    door.joinAll(60, 'first', one);
    const waits = door.joinAll(5, 'late', one);
    expect(waits).toEqual([1_000, 2_000, 3_000, 4_000, 5_000]);
    door.now += 500;
    expect(door.join('late 1')).toBe(1_500);
    door.now += 4_500;
    // Somebody who comes later does not take their turns.
    expect(door.join('later')).toBe(1_000);
    expect(waits.map((_, i) => door.join(`late ${i}`))).toEqual([0, 0, 0, 0, 0]);
  });

  it('of other networks do not wait for a flood from one, and neither do those who know the code', () => {
    const door = new Door();
    const flood = door.joinAll(2_000, 'sybil', i => `203.0.113.${i % 250}`);
    expect(flood.filter(ms => ms === 0)).toHaveLength(60);
    expect(Math.max(...flood)).toBe(600_000);
    expect(door.joinAll(30, 'pupil', () => '198.51.100.9')).toEqual(Array(30).fill(0));
    expect(door.joinAll(100, 'school', one, true)).toEqual(Array(100).fill(0));
  });

  it('from thousands of networks are let in at the pace of the run, and the next one waits no longer than they', () => {
    const door = new Door();
    const flood = door.joinAll(2_000, 'bot', i => `10.${i >> 8}.${i & 255}.1`);
    expect(flood.filter(ms => ms === 0)).toHaveLength(600);
    const waited = door.join('pupil');
    expect(waited).toBe(140_100);
    door.now += waited;
    expect(door.join('pupil')).toBe(0);
  });

  it('whose address nobody tells are counted all together', () => {
    const door = new Door();
    expect(door.joinAll(600, 'guest', () => '')).toEqual(Array(600).fill(0));
    expect(door.join('next', '')).toBe(100);
  });

  it('that come too late for their turn take another', () => {
    const door = new Door();
    door.joinAll(61, 'first', one);
    door.now += 70_000;
    door.joinAll(60, 'second', one);
    expect(door.join('first 60')).toBeGreaterThan(0);
  });

  it('wait for no longer if the clock is set back', () => {
    const door = new Door();
    door.joinAll(100, 'first', one);
    door.now -= 86_400_000;
    expect(door.join('next')).toBe(0);
  });
});

it.each([
  ['203.0.113.7', '203.0.113'],
  ['::ffff:203.0.113.7', '203.0.113'],
  ['2001:db8:7:1:2:3:4:5', '2001:db8:7'],
  ['2001:db8::1', '2001:db8:0'],
  ['', ''],
])('the network of %s is %s', (address, network) => {
  expect(siteOf(address, 3)).toBe(network);
});
