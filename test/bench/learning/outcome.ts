import { DivergedError } from '../../../client/trainer/training/diverged-error.ts';

/** What came out of a run. */
export interface Outcome {
  /** On the held-out pictures, of the exit that counts at the end. */
  readonly accuracy: number;
  /** Of every exit that was ever trained, and if there are several of their sum and ensemble, by name. */
  readonly exits: Readonly<Record<string, number>>;
  /** Mean training loss of the last lease. */
  readonly loss: number;
  readonly rounds: number;
  /** Multiply-accumulates of all training, as shared/plan/README.md, "Counting multiply-accumulates", counts them. */
  readonly macs: number;
  /** Of a volunteer in the whole run, the mean; 0 alone. */
  readonly uploadMB: number;
  readonly downloadMB: number;
  /** Of a mean update of each role; nothing alone. */
  readonly uploadMBByRole: Readonly<Record<string, number>>;
  readonly macsByRole: Readonly<Record<string, number>>;
  readonly peakMemoryMBByRole: Readonly<Record<string, number>>;
  /** Time of training, without the evaluation. */
  readonly seconds: number;
  /** The layers after which the model was cut. */
  readonly cuts: readonly string[];
}

export interface RunProgress {
  /** Share of the run that is done. */
  readonly share: number;
  readonly loss: number;
  readonly round: number;
  /** So far. */
  readonly macs: number;
}

/** Called after each round. The next one waits for it, and what it throws ends the run. */
export type OnRunProgress = (progress: RunProgress) => void | Promise<void>;

/** The loss left the range of numbers: a result of the plan and its rate, not a fault of the bench. */
export class Diverged extends Error {
  constructor(round: number, rounds: number) {
    super(`diverged in round ${round} of ${rounds}`);
    this.name = 'Diverged';
  }
}

/** Does a round's work. @throws Diverged if the trainer found that its loss, or a weight, is not a number */
export async function orDiverged<T>(work: Promise<T>, round: number, rounds: number): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof DivergedError ? new Diverged(round, rounds) : error;
  }
}
