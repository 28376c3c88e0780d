import fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertyRuns } from '../support/extent.ts';
import { VirtualClock } from './virtual-clock.ts';

test('keeps appointments by their time, and those of one moment as they were made', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(50), { maxLength: 60 }), async times => {
      const clock = new VirtualClock(100);
      const kept: { at: number; number: number }[] = [];
      times.forEach((ms, number) => {
        clock.after(ms, () => void kept.push({ at: clock.now, number }));
      });
      while (Number.isFinite(clock.next())) await clock.advance();
      const wanted = times
        .map((ms, number) => ({ at: 100 + ms, number }))
        .toSorted((a, b) => a.at - b.at || a.number - b.number);
      expect(kept).toEqual(wanted);
    }),
    { numRuns: propertyRuns(100) },
  );
});

test('keeps an appointment that is made for the past next, and never goes back', async () => {
  const clock = new VirtualClock(0);
  const kept: string[] = [];
  clock.at(10, () => {
    clock.at(5, () => void kept.push(`late at ${clock.now}`));
    kept.push('first');
  });
  clock.at(20, () => void kept.push('last'));
  while (Number.isFinite(clock.next())) await clock.advance();
  expect(kept).toEqual(['first', 'late at 10', 'last']);
});
