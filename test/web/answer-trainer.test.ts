import type { Remote } from 'comlink';
import { expect, it } from 'vitest';
import type { TrainerApi } from '../../client/trainer/trainer-api.ts';
import { AnswerTrainer } from '../../client/web/try/answer-trainer.ts';

/** A page that starts trainers, and how many it has started. Nobody trains in its tab. */
function openPage() {
  let starts = 0;
  const startOwn = () => {
    starts += 1;
    const ending = new AbortController();
    const trainer = { cancelTest: async () => {} } as Remote<TrainerApi>;
    const broken = new Promise<never>(() => {});
    const bridge = { trainer, broken, ended: ending.signal, terminate: () => ending.abort() };
    return { bridge, started: Promise.resolve() };
  };
  return { trainer: new AnswerTrainer({ atWork: () => null, startOwn }), starts: () => starts };
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
