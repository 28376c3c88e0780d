import { expect, it, vi } from 'vitest';
import { raceAgainst } from '../../../shared/math/race-against.ts';

it('is what the promise comes to, if the end has not come before', async () => {
  const { promise: end } = Promise.withResolvers<never>();
  expect(await raceAgainst(end, Promise.resolve(7))).toBe(7);
  await expect(raceAgainst(end, Promise.reject(new Error('mine')))).rejects.toThrow('mine');
});

it('rejects as the end does, for all who wait then and all who come later', async () => {
  const { promise: end, reject } = Promise.withResolvers<never>();
  const waiting = [0, 1].map(() => raceAgainst(end, new Promise(() => {})));
  reject(new Error('broken'));
  for (const one of waiting) await expect(one).rejects.toThrow('broken');
  await expect(raceAgainst(end, Promise.resolve(7))).rejects.toThrow('broken');
  await expect(raceAgainst(end, Promise.reject(new Error('late')))).rejects.toThrow('broken');
});

it('leaves one reaction on the end, however many have raced against it', async () => {
  const { promise: end } = Promise.withResolvers<never>();
  const react = vi.spyOn(end, 'then');
  for (let i = 0; i < 100; i++) await raceAgainst(end, Promise.resolve(i));
  expect(react).toHaveBeenCalledTimes(1);
});
