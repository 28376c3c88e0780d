import type { RunState } from '../../shared/federation/run-state.ts';
import type { LiveView } from '../../shared/view/live-view.ts';
import type { Env } from '../env.ts';
import { inTime } from '../in-time.ts';
import type { Bucket } from '../storage/bucket.ts';
import { bucketOf } from '../storage/bucket-of.ts';
import type { ArchiveMark } from './archive-mark.ts';
import type { ArchiveTerm } from './archive-term.ts';
import type { Barring } from './barring.ts';
import type { BlobNames } from './blob-names.ts';
import { DirectoryWriter } from './directory-writer.ts';
import type { ListingMark } from './listing-mark.ts';
import { runListing } from './run-listing.ts';
import type { RunIdentity } from './store/run-store.ts';
import type { SweptRows } from './store/swept-rows.ts';
import { Sweeper } from './sweeper.ts';

/** A line that was not written is written again after this. */
const RETRY_MS = 5_000;

/** The directory replies within some milliseconds, or it has failed. */
const LONGEST_NOTE_MS = 10_000;

/** A turn of the sweep makes some hundreds of calls, one after another. A chore that takes longer has failed. */
const LONGEST_MS = 300_000;

type Name = 'directory' | 'sweep' | 'bars' | 'names' | 'archives';

interface ChoresOfRun {
  readonly identity: RunIdentity;
  readonly barring: Barring;
  readonly names: BlobNames;
  readonly archives: ArchiveTerm;
  /** When one is done, so that something else may be due. */
  readonly onDone: () => Promise<void>;
}

/** The run as it is when its chores are asked about. */
interface TidyRun {
  readonly state: RunState;
  readonly live: LiveView;
  readonly archive: ArchiveMark;
  readonly listing: ListingMark;
  /** How many volunteers are here. Null if nobody has told since the object woke. */
  readonly here: () => number | null;
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
  private readonly names: BlobNames;
  private readonly archives: ArchiveTerm;
  private readonly bucket: Bucket;
  private readonly onDone: () => Promise<void>;
  /** Those at work, and when they have failed at the latest. */
  private readonly endsBy = new Map<Name, number>();

  constructor(
    ctx: DurableObjectState,
    env: Env,
    rows: SweptRows,
    { identity, barring, names, archives, onDone }: ChoresOfRun,
  ) {
    [this.ctx, this.identity, this.barring, this.names, this.onDone] = [
      ctx,
      identity,
      barring,
      names,
      onDone,
    ];
    this.archives = archives;
    this.bucket = bucketOf(env);
    this.directory = new DirectoryWriter(env.DIRECTORY);
    this.sweeper = new Sweeper(bucketOf(env), rows, identity);
  }

  /** Writes the run's line, which has changed. It never rejects. */
  async list(run: TidyRun, now: number): Promise<void> {
    await this.write(run, now);
    if (this.directory.isBehind) await this.onDone();
  }

  /** The same of a run that was just made, with the blobs that it names. */
  async listNew(run: TidyRun, now: number): Promise<void> {
    const named = inTime(this.names.note(run.state), LONGEST_NOTE_MS).catch((error: unknown) =>
      console.error('the names of blobs were not noted', error),
    );
    await Promise.all([this.list(run, now), named]);
    if (this.names.isOwing) await this.onDone();
  }

  private write({ live, archive, listing, here }: TidyRun, now: number): Promise<void> {
    const unlisted = listing.visibility === 'unlisted';
    const told = { createdAt: now, archived: archive.isSet, unlisted, here: here() };
    return this.directory.write(runListing(this.identity, live.core, told), live.core.seq, now);
  }

  /**
   * Begins what is due and is not at work. Nobody waits for it.
   * @param present the run as it is when this asks
   */
  begin(present: () => TidyRun, now: number): void {
    if (this.directory.isBehind) this.work('directory', now, () => this.directory.retry());
    else if (this.directory.hereDueAt(present().here(), now) <= now)
      this.work('directory', now, () => this.write(present(), now));
    if (this.names.isOwing) this.work('names', now, () => this.names.note(present().state));
    if (this.barring.isOwing) this.work('bars', now, () => this.barring.tell(present().state));
    if (this.archives.dueAt(present().state.phase === 'finished', now) <= now)
      this.work('archives', now, () => this.archives.turn(this.bucket, this.identity.run, now));
    if (this.sweeper.isDue(present().state.manifest.version, now))
      this.work('sweep', now, () => this.sweeper.turn(() => wantedOf(present()), now));
  }

  /** When the alarm is to ring for them. It rings for one at work too: if the object fails meanwhile, that one begins anew. */
  dueAt({ state, here }: Pick<TidyRun, 'state' | 'here'>, now: number): number {
    const listAt = this.directory.isBehind ? now + RETRY_MS : this.directory.hereDueAt(here(), now);
    const sweepAt = this.sweeper.dueAt(state.manifest.version, now);
    const barAt = this.barring.isOwing ? now + RETRY_MS : Number.POSITIVE_INFINITY;
    return Math.min(
      this.endsBy.get('directory') ?? listAt,
      this.endsBy.get('sweep') ?? sweepAt,
      this.endsBy.get('bars') ?? barAt,
      this.endsBy.get('archives') ?? this.archives.dueAt(state.phase === 'finished', now),
      this.endsBy.get('names') ?? (this.names.isOwing ? now + RETRY_MS : Number.POSITIVE_INFINITY),
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
