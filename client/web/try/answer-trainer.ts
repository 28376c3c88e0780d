import type { Remote } from 'comlink';
import { raceAgainst } from '../../../shared/math/race-against.ts';
import type { TrainerApi } from '../../trainer/trainer-api.ts';
import { currentSession } from '../volunteering/current-session.ts';
import { allowedThreads } from '../volunteering/thread-setting.ts';
import { startTrainer, type TrainerBridge, wasmPaths } from '../volunteering/trainer-bridge.ts';

/** A trainer of its own that somebody waits for, and how it started. */
interface OwnTrainer {
  readonly bridge: TrainerBridge;
  readonly started: Promise<unknown>;
}

type Ask<T> = (trainer: Remote<TrainerApi>) => Promise<T>;

interface TrainerPorts {
  /** The one that trains in this tab. Null if none does. */
  readonly atWork: () => TrainerBridge | null;
  readonly startOwn: () => OwnTrainer;
}

/**
 * The trainer that answers: the one that trains in this tab, or else one that is started for it. That one computes on the
 * processor: a few pictures are not worth the seconds in which a graphics card compiles.
 */
export class AnswerTrainer {
  private readonly ports: TrainerPorts;
  private own: OwnTrainer | null = null;

  constructor(ports: TrainerPorts) {
    this.ports = ports;
  }

  /** @throws what the trainer throws, or if its thread breaks or ends. Then the next call starts anew */
  async ask<T>(ask: Ask<T>): Promise<T> {
    const training = this.ports.atWork();
    if (training) {
      this.dropOwn();
      return whileItLives(training, ask(training.trainer));
    }
    this.own ??= this.ports.startOwn();
    const { bridge, started } = this.own;
    try {
      await whileItLives(bridge, started);
      return await whileItLives(bridge, ask(bridge.trainer));
    } catch (error) {
      const isCancelled = error instanceof Error && error.name === 'AbortError';
      if (!isCancelled && this.own?.bridge === bridge) this.dropOwn();
      throw error;
    }
  }

  /** What only the trainer that is there has to hear. None is started for it. */
  tell(tell: Ask<unknown>): void {
    const bridge = this.ports.atWork() ?? this.own?.bridge;
    if (bridge) tell(bridge.trainer).catch(() => {});
  }

  /** For a page on which nobody asks any more. */
  dropOwn(): void {
    this.own?.bridge.terminate();
    this.own = null;
  }
}

function startOwn(): OwnTrainer {
  const bridge = startTrainer();
  return {
    bridge,
    started: bridge.trainer.start({ backend: 'wasm', wasmPaths, threads: allowedThreads() }),
  };
}

/** A camera asks four times a second, so nothing stays behind an answer. */
async function whileItLives<T>({ broken, ended }: TrainerBridge, answer: Promise<T>): Promise<T> {
  const end = Promise.withResolvers<never>();
  const giveUp = (): void => end.reject(new Error('the trainer was stopped'));
  if (ended.aborted) giveUp();
  ended.addEventListener('abort', giveUp);
  try {
    return await raceAgainst(broken, Promise.race([answer, end.promise]));
  } finally {
    ended.removeEventListener('abort', giveUp);
  }
}

/** The one of this page. */
export const answerTrainer = new AnswerTrainer({
  atWork: () => currentSession.value?.trainerAtWork ?? null,
  startOwn,
});
