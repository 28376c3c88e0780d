import { expect, test } from 'vitest';
import { markStep, timed } from '../../../client/volunteer/user-timing.ts';

test('a step stands in the timeline once, the newest of its name', async () => {
  markStep('download', 1, 5);
  markStep('download', 2, 9);
  expect(performance.getEntriesByName('homeroom:download')).toMatchObject([{ startTime: 2, duration: 7 }]);
});

test('a step that fails is in the timeline too', async () => {
  await expect(timed('upload', () => Promise.reject(new Error('no network')))).rejects.toThrow('no network');
  expect(performance.getEntriesByName('homeroom:upload')).toHaveLength(1);
});

test('a step that seems to begin before the page did, by a clock of another thread, begins with it', () => {
  markStep('load', -3, -1);
  expect(performance.getEntriesByName('homeroom:load')).toMatchObject([{ startTime: 0, duration: 0 }]);
});
