import { lateRounds } from '../../shared/federation/round/round-policy.ts';
import type { RoundView } from '../../shared/protocol/run-view.ts';
import { roundsOfLedgerBefore } from '../../shared/replay/ledger-reach.ts';
import { deleteArchived } from '../storage/archives.ts';
import { SWEEP_GRACE_MS, sweepShard } from '../storage/blobs.ts';
import type { Bucket } from '../storage/bucket.ts';
import { manifestBlobs } from '../storage/manifest-blobs.ts';
import type { RunIdentity } from './store/run-store.ts';
import type { BestVersion, SweepProgress, SweptRows } from './store/swept-rows.ts';

/** One turn of the sweep looks at so many shards at most. */
const SHARDS_A_TURN = 100;

/** A bucket lists and deletes so many objects at a time. */
const KEYS_A_TURN = 1_000;

/** A turn leaves the object to others for so long. */
const BETWEEN_TURNS_MS = 1_000;

/** Shards that were stored a while ago only are looked at again after this. */
const LOOK_AGAIN_MS = SWEEP_GRACE_MS / 6;

/** What the sweep must leave. */
interface Wanted {
  /** The newest version. */
  readonly newest: number;
  /** Versions that are being judged, or were lately, so that the run may return to them. */
  readonly judged: readonly number[];
  /** Every round that is done. */
  readonly rounds: readonly RoundView[];
}

/**
 * [SWEEP1] Sweeps what is older than the rounds that a run keeps: entries of its ledger, manifests, shards that nothing
 * refers to any more, and archived updates. Version 0, the newest versions and the best one stay, and what it takes to
 * recompute the rounds that are kept. It works in turns of bounded length, each of which an alarm begins, and each can be
 * repeated. So it goes on after an object has slept or failed.
 */
export class Sweeper {
  private readonly bucket: Bucket;
  private readonly rows: SweptRows;
  private readonly run: string;
  private readonly keepRounds: number;
  private readonly ledgerBefore: number;
  private readonly lateRounds: number;
  private restsUntil = 0;
  /** No archive of a round up to this one is left. */
  private archivesUpTo = 0;
  /** Shards of the version at hand that were looked at, in the order of their names. */
  private lookedAt: { readonly version: number; readonly last: string } | null = null;

  constructor(bucket: Bucket, rows: SweptRows, { run, config }: RunIdentity) {
    this.bucket = bucket;
    this.rows = rows;
    this.run = run;
    this.keepRounds = config.spec.policy.keepRounds;
    this.ledgerBefore = roundsOfLedgerBefore(config.spec);
    this.lateRounds = lateRounds(config.spec);
  }

  /** When the next turn is due. Infinity if there is nothing to sweep. A fifth of what is kept is swept together. */
  dueAt(newest: number, now: number): number {
    if (this.keepRounds === 0) return Number.POSITIVE_INFINITY;
    const waiting = newest - this.keepRounds - this.rows.progress().upTo;
    if (waiting < Math.max(1, Math.floor(this.keepRounds / 5))) return Number.POSITIVE_INFINITY;
    return Math.max(this.restsUntil, now + BETWEEN_TURNS_MS);
  }

  isDue(newest: number, now: number): boolean {
    return now >= this.restsUntil && this.dueAt(newest, now) < Number.POSITIVE_INFINITY;
  }

  /**
   * One turn, of which each can be repeated.
   * @param wanted as it is when it is asked: a run may return to an older version meanwhile
   */
  async turn(wanted: () => Wanted, now: number): Promise<void> {
    const { newest, rounds } = wanted();
    const limit = newest - this.keepRounds;
    const before = this.rows.progress();
    const best = bestOf(before.best, rounds);
    const progress = best === before.best ? before : { ...before, best };
    const next = await this.sweep(progress, limit, wanted, now);
    if (next !== before) this.rows.note(next);
  }

  /** The first of these that has anything to do. */
  private async sweep(
    progress: SweepProgress,
    limit: number,
    wanted: () => Wanted,
    now: number,
  ): Promise<SweepProgress> {
    const entries = this.rows.takeVolume(limit - this.ledgerBefore);
    if (entries > 0) return { ...progress, entries: progress.entries + entries };
    if (this.archivesUpTo < limit) {
      const archives = await this.sweepArchives(limit);
      if (archives > 0) return { ...progress, archives: progress.archives + archives };
    }
    return this.sweepVersions(progress, limit, wanted, now);
  }

  /** One page of archived updates of rounds up to the limit. @returns how many objects went */
  private async sweepArchives(limit: number): Promise<number> {
    const keys = await this.dueObjects(`archive/${this.run}/`, limit);
    if (keys.length > 0) return deleteArchived(this.bucket, keys);
    const left = await this.sweepUploads(limit);
    if (left === 0) this.archivesUpTo = limit;
    return left;
  }

  /**
   * Uploads that no archive tells of: the platform was killed before their cohort heard of them, and they were sent once
   * more. The others went with their archives, since their leases are of rounds in which no update can count any more.
   */
  private async sweepUploads(limit: number): Promise<number> {
    const keys = await this.dueObjects(`envelopes/${this.run}/`, limit - this.lateRounds);
    if (keys.length > 0) await this.bucket.delete(keys);
    return keys.length;
  }

  /** Of rounds up to the limit: all that lies in their folders, `PREFIX/ROLE/ROUND/`. */
  private async dueObjects(prefix: string, limit: number): Promise<string[]> {
    const due: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.bucket.list({ prefix, limit: KEYS_A_TURN, ...(cursor ? { cursor } : {}) });
      due.push(...page.objects.map(({ key }) => key).filter(key => roundOf(key) <= limit));
      cursor = page.truncated ? page.cursor : undefined;
    } while (cursor && due.length === 0);
    return due;
  }

  /**
   * [SWEEP3] Versions before that of the limit, as many as a turn has time for. That one is what the first round that is
   * kept began with.
   */
  private async sweepVersions(
    before: SweepProgress,
    limit: number,
    wanted: () => Wanted,
    now: number,
  ): Promise<SweepProgress> {
    let progress = before;
    let turns = SHARDS_A_TURN;
    for (const version of this.rows.versions().filter(due => due < limit)) {
      if (version === before.best?.version || staying(wanted(), limit).has(version)) continue;
      this.rows.beginToDrop(version);
      const left = this.unreferenced(version).filter(sha256 => sha256 > this.lastOf(version));
      const shards = await this.sweepShards(version, left.slice(0, turns), now);
      if (shards > 0) progress = { ...progress, shards: progress.shards + shards };
      turns -= left.length;
      if (turns < 0 || now < this.restsUntil) return progress;
      this.rows.dropVersion(version);
      progress = { ...progress, versions: progress.versions + 1 };
    }
    return { ...progress, upTo: limit };
  }

  private lastOf(version: number): string {
    return this.lookedAt?.version === version ? this.lookedAt.last : '';
  }

  /** @returns how many were swept. If one is young, nothing is swept for a while. */
  private async sweepShards(version: number, names: readonly string[], now: number): Promise<number> {
    let swept = 0;
    for (const sha256 of names) {
      const outcome = await sweepShard(this.bucket, sha256, this.run, now);
      if (outcome === 'young') {
        this.restsUntil = now + LOOK_AGAIN_MS;
        return swept;
      }
      this.lookedAt = { version, last: sha256 };
      if (outcome === 'swept') swept++;
    }
    return swept;
  }

  /** In the order of their names. */
  private unreferenced(version: number): string[] {
    const others = this.rows.versions().filter(other => other !== version);
    const referred = new Set(others.flatMap(other => manifestBlobs(this.rows.manifest(other))));
    return [...new Set(manifestBlobs(this.rows.manifest(version)))]
      .filter(sha256 => !referred.has(sha256))
      .toSorted();
  }
}

/** [SWEEP3] Versions before the limit that stay, beside the best one. */
function staying({ judged, rounds }: Wanted, limit: number): ReadonlySet<number> {
  const returned = rounds
    .filter(({ version }) => version >= limit)
    .flatMap(({ weightsOf = [] }) => weightsOf);
  return new Set([0, ...judged, ...returned]);
}

/** Of a key `KIND/RUN/ROLE/ROUND/…`. */
function roundOf(key: string): number {
  const round = Number(key.split('/')[3]);
  return Number.isSafeInteger(round) ? round : Number.POSITIVE_INFINITY;
}

/** Of the rounds that people see and of the best one before. One that is confirmed is better. The first of equals stays. */
const bestOf = (before: BestVersion | null, rounds: Wanted['rounds']): BestVersion | null =>
  rounds.reduce<BestVersion | null>((best, { version, accuracy, unconfirmed }) => {
    if (accuracy === null) return best;
    const one: BestVersion = { version, accuracy, ...(unconfirmed && { unconfirmed }) };
    return best === null || isBetter(one, best) ? one : best;
  }, before);

const isBetter = (one: BestVersion, best: BestVersion): boolean =>
  one.unconfirmed === best.unconfirmed ? one.accuracy > best.accuracy : best.unconfirmed === true;
