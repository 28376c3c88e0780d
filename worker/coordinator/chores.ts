import type { RunState } from '../../shared/federation/run-state.ts';
import type { LiveView } from '../../shared/view/live-view.ts';
import type { Env } from '../env.ts';
import { inTime } from '../in-time.ts';
import type { Barring } from './barring.ts';
import { DirectoryWriter } from './directory-writer.ts';
import { runListing } from './run-listing.ts';
import type { RunIdentity } from './store/run-store.ts';
import type { SweptRows } from './store/swept-rows.ts';
import { Sweeper } from './sweeper.ts';

/** A line that was not written is written again after this. */
const RETRY_MS = 5_000;

/** A turn of the sweep makes some hundreds of calls, one after another. A chore that takes longer has failed. */
const LONGEST_MS = 300_000;

type Name = 'directory' | 'sweep' | 'bars';

/** The run as it is when its chores are asked about. */
interface TidyRun {
  readonly state: RunState;
  readonly live: LiveView;
}

/**
 * What a run has to do beside its rounds: to keep its line in the directory, to sweep, and to tell cohorts whom they have
 * yet to refuse. All wait for others, and a round must wait for none of them: no other alarm rings while one is at work. So
 * they go on in the background, of each kind one at a time.
 */
export class Chores {
  private readonly ctx: DurableObjectState;
  private readonly identity: RunIdentity;
  private readonly directory: DirectoryWriter;
  private readonly sweeper: Sweeper;
  private readonly barring: Barring;
  private readonly onDone: () => Promise<void>;
  /** Those at work, and when they have failed at the latest. */
  private readonly endsBy = new Map<Name, number>();

  /** @param onDone when one is done, so that something else may be due */
  constructor(
    ctx: DurableObjectState,
    env: Env,
    rows: SweptRows,
    identity: RunIdentity,
    barring: Barring,
    onDone: () => Promise<void>,
  ) {
    [this.ctx, this.identity, this.barring, this.onDone] = [ctx, identity, barring, onDone];
    this.directory = new DirectoryWriter(env.DIRECTORY);
    this.sweeper = new Sweeper(env.BLOBS, rows, identity);
  }

  /** Writes the run's line, which has changed. It never rejects. */
  async list({ live }: TidyRun, now: number): Promise<void> {
    await this.directory.write(runListing(this.identity, live.core, now), live.core.seq);
    if (this.directory.isBehind) await this.onDone();
  }

  /**
   * Begins what is due and is not at work. Nobody waits for it.
   * @param present the run as it is when this asks
   */
  begin(present: () => TidyRun, now: number): void {
    if (this.directory.isBehind) this.work('directory', now, () => this.directory.retry());
    if (this.barring.isOwing) this.work('bars', now, () => this.barring.tell(present().state));
    if (this.sweeper.isDue(present().state.manifest.version, now))
      this.work('sweep', now, () => this.sweeper.turn(() => wantedOf(present()), now));
  }

  /** When the alarm is to ring for them. It rings for one at work too: if the object fails meanwhile, that one begins anew. */
  dueAt({ state }: Pick<TidyRun, 'state'>, now: number): number {
    const listAt = this.directory.isBehind ? now + RETRY_MS : Number.POSITIVE_INFINITY;
    const sweepAt = this.sweeper.dueAt(state.manifest.version, now);
    const barAt = this.barring.isOwing ? now + RETRY_MS : Number.POSITIVE_INFINITY;
    return Math.min(
      this.endsBy.get('directory') ?? listAt,
      this.endsBy.get('sweep') ?? sweepAt,
      this.endsBy.get('bars') ?? barAt,
    );
  }

  private work(name: Name, now: number, act: () => Promise<void>): void {
    if (this.endsBy.has(name)) return;
    this.endsBy.set(name, now + LONGEST_MS);
    const done = inTime(act(), LONGEST_MS)
      .catch((error: unknown) => console.error(`the ${name} failed`, error))
      .then(() => {
        this.endsBy.delete(name);
        return this.onDone();
      });
    this.ctx.waitUntil(done);
  }
}

/** What the sweep must leave. */
function wantedOf({ state, live }: TidyRun) {
  const { evaluation, judged: judgedLately = [], round, manifest } = state;
  const judged = [
    ...(evaluation ? [evaluation.manifest.version] : []),
    ...judgedLately.map(({ version }) => version),
    ...(round.status === 'returning' ? [round.to] : []),
  ];
  return { newest: manifest.version, judged, rounds: live.allRounds };
}
