import type { Remote } from 'comlink';
import type { TrainerApi } from '../../trainer/trainer-api.ts';
import { currentSession } from '../volunteering/current-session.ts';
import { allowedThreads } from '../volunteering/thread-setting.ts';
import { startTrainer, type TrainerBridge, wasmPaths } from '../volunteering/trainer-bridge.ts';

/** A trainer of its own that somebody waits for, and how it started. */
interface OwnTrainer {
  readonly bridge: TrainerBridge;
  readonly started: Promise<unknown>;
}

let own: OwnTrainer | null = null;

/**
 * Asks a trainer for an answer: the one that trains in this tab, or else one that is started for it. That one computes on the
 * processor: a few pictures are not worth the seconds in which a graphics card compiles.
 * @throws what the trainer throws, or if its thread breaks or ends. Then the next call starts anew
 */
export async function askTrainer<T>(ask: (trainer: Remote<TrainerApi>) => Promise<T>): Promise<T> {
  const training = currentSession.value?.trainerAtWork ?? null;
  if (training) {
    dropOwnTrainer();
    return whileItLives(training, ask(training.trainer));
  }
  own ??= startOwn();
  const { bridge, started } = own;
  try {
    await whileItLives(bridge, started);
    return await whileItLives(bridge, ask(bridge.trainer));
  } catch (error) {
    const isCancelled = error instanceof Error && error.name === 'AbortError';
    if (!isCancelled && own?.bridge === bridge) dropOwnTrainer();
    throw error;
  }
}

/** For a page on which nobody asks any more. */
export function dropOwnTrainer(): void {
  own?.bridge.terminate();
  own = null;
}

function startOwn(): OwnTrainer {
  const bridge = startTrainer();
  return {
    bridge,
    started: bridge.trainer.start({ backend: 'wasm', wasmPaths, threads: allowedThreads() }),
  };
}

const whileItLives = <T>({ broken, ended }: TrainerBridge, answer: Promise<T>): Promise<T> =>
  Promise.race([
    answer,
    broken,
    new Promise<never>((_, reject) => {
      const giveUp = (): void => reject(new Error('the trainer was stopped'));
      if (ended.aborted) giveUp();
      ended.addEventListener('abort', giveUp, { once: true });
    }),
  ]);
