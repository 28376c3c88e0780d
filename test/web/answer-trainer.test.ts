import type { Remote } from 'comlink';
import { expect, it, vi } from 'vitest';
import type { TrainerApi } from '../../client/trainer/trainer-api.ts';
import { AnswerTrainer } from '../../client/web/try/answer-trainer.ts';

/** A page that starts trainers, and how many it has started. Nobody trains in its tab. */
function openPage() {
  let starts = 0;
  const broken = new Promise<never>(() => {});
  const startOwn = () => {
    starts += 1;
    const ending = new AbortController();
    const trainer = { cancelTest: async () => {} } as Remote<TrainerApi>;
    const bridge = { trainer, broken, ended: ending.signal, terminate: () => ending.abort() };
    return { bridge, started: Promise.resolve() };
  };
  return { trainer: new AnswerTrainer({ atWork: () => null, startOwn }), starts: () => starts, broken };
}

it('no trainer is started to be told that a test is cancelled, also if it was ended before', async () => {
  const { trainer, starts } = openPage();
  trainer.tell(one => one.cancelTest());
  expect(starts()).toBe(0);
  const test = trainer.ask(() => new Promise(() => {}));
  trainer.dropOwn();
  await expect(test).rejects.toThrow('the trainer was stopped');
  trainer.tell(one => one.cancelTest());
  expect(starts()).toBe(1);
});

it('the next question starts a trainer anew if the last one was ended', async () => {
  const { trainer, starts } = openPage();
  expect(await trainer.ask(async () => 'first')).toBe('first');
  trainer.dropOwn();
  expect(await trainer.ask(async () => 'second')).toBe('second');
  expect(starts()).toBe(2);
});

it('a camera that asks for hours leaves nothing behind on the trainer', async () => {
  const { trainer, broken } = openPage();
  const react = vi.spyOn(broken, 'then');
  for (let i = 0; i < 50; i++) await trainer.ask(async () => i);
  expect(react.mock.calls.length).toBeLessThanOrEqual(1);
});
