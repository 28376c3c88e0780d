import { DivergedError } from '../../../client/trainer/training/diverged-error.ts';

/** What a run came to. */
export interface Outcome {
  /** On the held-out pictures, of the network that answers in the end. */
  readonly accuracy: number;
  /** Of every answer that was trained last, by the segment that gives it. */
  readonly accuracyByExit: Readonly<Record<string, number>>;
  /** Mean training loss of the last lease. */
  readonly loss: number;
  readonly rounds: number;
  /** Multiply-accumulates of all training, as shared/plan/README.md, "Counting multiply-accumulates", counts them. */
  readonly macs: number;
  /** A volunteer in all, a mean; 0 alone. */
  readonly uploadMB: number;
  readonly downloadMB: number;
  readonly peakMemoryMBByRole: Readonly<Record<string, number>>;
  /** Of training, without the evaluation. */
  readonly seconds: number;
  /** The layers after which the model was cut. */
  readonly cuts: readonly string[];
}

export interface RunProgress {
  /** Done of the run. */
  readonly share: number;
  readonly loss: number;
  readonly round: number;
  /** So far. */
  readonly macs: number;
}

export type OnRunProgress = (progress: RunProgress) => void;

/** The loss has left the numbers: a result of the plan and its rate, not a fault of the bench. */
export class Diverged extends Error {
  constructor(round: number, rounds: number) {
    super(`diverged in round ${round} of ${rounds}`);
    this.name = 'Diverged';
  }
}

/** A round's work. @throws Diverged where the trainer found that its loss, or a weight, is no number */
export async function orDiverged<T>(work: Promise<T>, round: number, rounds: number): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof DivergedError ? new Diverged(round, rounds) : error;
  }
}
