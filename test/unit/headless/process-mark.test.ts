import { afterEach, expect, test, vi } from 'vitest';
import { processMark } from '../../../client/headless/files/process-mark.ts';

const own = process.platform;

afterEach(() => {
  Object.defineProperty(process, 'platform', { value: own });
  vi.unstubAllEnvs();
});

test('a process has one mark, another has another, and none that is not there', () => {
  const mark = processMark(process.pid);
  expect(mark).not.toBeNull();
  expect(processMark(process.pid)).toBe(mark);
  expect(processMark(1)).not.toBe(mark);
  expect(processMark(2 ** 22 + 1)).toBeNull();
});

test('the mark that `ps` tells is the same in another time zone', () => {
  Object.defineProperty(process, 'platform', { value: 'darwin' });
  const mark = processMark(process.pid);
  vi.stubEnv('TZ', 'Asia/Tokyo');
  expect(processMark(process.pid)).toBe(mark);
});
