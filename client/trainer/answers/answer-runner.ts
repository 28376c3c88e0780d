import { WorkPace } from '../lease/work-pace.ts';
import { type Loaded, SegmentModels } from '../models/segment-models.ts';
import type { AnsweringVersion } from '../trainer-api.ts';

interface Held {
  readonly version: string;
  readonly loaded: Loaded;
}

/**
 * Answers with one version after another, one question at a time: the weights of a model must not change between two
 * batches. Keeps the version that was asked last. Owns the models.
 */
export class AnswerRunner {
  private readonly models = new SegmentModels();
  private held: Held | null = null;
  private turn: Promise<unknown> = Promise.resolve();
  private pace: WorkPace | null = null;

  /**
   * @returns null if the job has no segments and this version is not held
   * @throws ModelRefusal if the segments are not those of the outline, and what `act` throws
   */
  answer<T>(job: AnsweringVersion, act: (loaded: Loaded, pace: WorkPace) => Promise<T>): Promise<T | null> {
    const mine = this.turn.then(() => this.now(job, act));
    this.turn = mine.catch(() => {});
    return mine;
  }

  /** Ends the answer in hand within one batch. Those that wait for it go on. */
  cancel(): void {
    this.pace?.cancel();
  }

  dispose(): void {
    this.held = null;
    this.models.dispose();
  }

  private async now<T>(
    job: AnsweringVersion,
    act: (loaded: Loaded, pace: WorkPace) => Promise<T>,
  ): Promise<T | null> {
    const pace = new WorkPace(1);
    this.pace = pace;
    try {
      const loaded = await this.load(job);
      return loaded && (await act(loaded, pace));
    } catch (error) {
      // After a failure of the backend nobody knows what the models hold.
      this.dispose();
      throw error;
    } finally {
      this.pace = null;
    }
  }

  private async load({ version, segments }: AnsweringVersion): Promise<Loaded | null> {
    if (this.held?.version === version) return this.held.loaded;
    if (!segments) return null;
    this.held = null;
    const loaded = await this.models.loadAll(segments);
    this.held = { version, loaded };
    return loaded;
  }
}
