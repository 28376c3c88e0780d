import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { tellStep } from '../../client/headless/build/step-line.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** What a terminal shows in the end: each line as it was last rewritten. */
const shownOf = (written: string): string =>
  written
    .split('\n')
    .map(line => line.split('\r\x1b[2K').at(-1))
    .join('\n');

test('on a terminal a step is one line that counts the seconds and then says how long it took', () => {
  let written = '';
  const line = tellStep('pages', '2 of 3', { isTTY: true, write: text => (written += text) });
  vi.advanceTimersByTime(12_000);
  expect(shownOf(written)).toBe('Building the pages (2 of 3)… 12 s');
  line.done();
  expect(shownOf(written)).toBe('Built the pages in 12.0 s\n');
  vi.advanceTimersByTime(5_000);
  expect(shownOf(written)).toBe('Built the pages in 12.0 s\n');
});

test('in a log a step is two plain lines', () => {
  let written = '';
  const line = tellStep('pages', '2 of 3', { write: text => (written += text) });
  vi.advanceTimersByTime(12_000);
  line.done();
  expect(written).toBe('Building the pages (2 of 3)…\nBuilt the pages in 12.0 s\n');
});
