import type { Role } from '../../shared/protocol/identifiers.ts';
import type { Manifest } from '../../shared/protocol/model-outline.ts';
import type { Region } from '../../shared/protocol/region.ts';
import type { AlarmClock } from '../alarm-clock.ts';
import { cohortOf } from '../cohort/cohort-of.ts';
import type { Env } from '../env.ts';
import { inTime } from '../in-time.ts';
import { relayOf } from '../relay/relay-of.ts';
import { forgetNames, namedByOthers, runBlobs, runOwner } from '../storage/blob-names.ts';
import { dropBlob, SWEEP_GRACE_MS } from '../storage/blobs.ts';
import { bucketInTime } from '../storage/bucket-in-time.ts';
import { bucketOf } from '../storage/bucket-of.ts';
import { type DatasetMark, unlistDataset } from '../storage/dataset-directory.ts';
import { unlistRun } from '../storage/directory.ts';
import { manifestBlobs } from '../storage/manifest-blobs.ts';
import { SettingTable } from '../storage/setting-table.ts';
import { StorageVersion } from '../storage/storage-version.ts';
import type { CohortCalls } from './cohort-calls.ts';
import type { OpenRun } from './open-run.ts';
import { coordinatorChanges } from './store/coordinator-changes.ts';
import type { RunStore } from './store/run-store.ts';

/** One turn looks at so many blobs, and erases so many objects. */
const BLOBS_A_TURN = 50;
const OBJECTS_A_TURN = 20;

/** A turn leaves the object to others for so long. What failed is tried again after the longer time. */
const BETWEEN_TURNS_MS = 100;
const RETRY_MS = 30_000;

const LONGEST_CALL_MS = 30_000;

/** Where a run's objects lie in the bucket, beside its blobs. */
const foldersOf = (run: string): readonly string[] =>
  ['archive', 'envelopes', 'sums'].map(kind => `${kind}/${run}/`);

/** What is left of a run while it goes. */
interface Left {
  readonly run: string;
  /** If it is a data set that goes. `run` is then the mark of what goes with it. */
  readonly dataset?: DatasetMark;
  readonly location?: Region;
  readonly isListed: boolean;
  readonly relays: readonly number[];
  readonly cohorts: readonly (readonly [Role, number])[];
  readonly folders: readonly string[];
}

/** What a run is to leave behind. */
interface Leaving {
  readonly run: string;
  readonly location?: Region;
  readonly relays: readonly number[];
  readonly cohorts: readonly (readonly [Role, number])[];
  readonly manifests: Iterable<Manifest | null>;
  /** Uploads that it named from its beginning. */
  readonly blobs: readonly string[];
}

/**
 * [KEY7] What a coordinator is once its run is deleted. It keeps nothing of the run but a list of what has to go, and works
 * through that in turns, each of which an alarm begins and can be repeated. At last nothing is left.
 */
export class Deletion {
  private readonly env: Env;
  private readonly storage: DurableObjectStorage;
  private readonly settings: SettingTable;
  private left: Left | null;

  /** The deletion that this object is at. Null if its run is there, or never was. */
  static underWay(env: Env, storage: DurableObjectStorage): Deletion | null {
    const deletion = new Deletion(env, storage);
    return deletion.left ? deletion : null;
  }

  /** Drops the run's tables and notes what else has to go, in one transaction. */
  static begin(env: Env, storage: DurableObjectStorage, leaving: Leaving): Deletion {
    const { run, location, relays, cohorts, manifests, blobs } = leaving;
    const deletion = new Deletion(env, storage);
    storage.transactionSync(() => {
      for (const manifest of manifests) deletion.doom(manifestBlobs(manifest));
      deletion.doom(blobs);
      dropTables(storage.sql);
      deletion.note({
        ...{ run, relays, cohorts, isListed: true, folders: foldersOf(run) },
        ...(location && { location }),
      });
    });
    return deletion;
  }

  /** The deletion of a data set. If one of its name is still under way here, its blobs go with it. */
  static beginOfDataset(
    env: Env,
    storage: DurableObjectStorage,
    run: string,
    dataset: DatasetMark,
    blobs: readonly string[],
  ): Deletion {
    const deletion = new Deletion(env, storage);
    storage.transactionSync(() => {
      new StorageVersion(storage, coordinatorChanges).note();
      deletion.doom(blobs);
      deletion.note({ run, dataset, isListed: true, relays: [], cohorts: [], folders: [] });
    });
    return deletion;
  }

  private constructor(env: Env, storage: DurableObjectStorage) {
    [this.env, this.storage] = [env, storage];
    this.settings = new SettingTable(storage.sql, 'deletion');
    this.left = this.settings.get<Left>('left');
  }

  /** In the turn in which it began: if the object fails in the first piece of work, the alarm goes on. */
  setOut(alarms: AlarmClock): Promise<void> {
    void alarms.ringBy(Date.now() + RETRY_MS);
    return this.goOn(alarms);
  }

  /** Does the next piece of work, and has the alarm ring for the one after it. */
  async goOn(alarms: AlarmClock): Promise<void> {
    const dueAt = await this.turn(Date.now());
    if (dueAt !== null) await alarms.ringBy(dueAt);
  }

  /** @returns when the next turn is due; null if nothing is left of the run */
  private async turn(now: number): Promise<number | null> {
    const { left } = this;
    if (!left) return null;
    try {
      return await this.work(left, now);
    } catch (error) {
      console.error('a deletion is not done', error);
      return now + RETRY_MS;
    }
  }

  private async work(left: Left, now: number): Promise<number | null> {
    const { run, location, relays, cohorts, folders, isListed } = left;
    const { env } = this;
    if (isListed) {
      const unlisting = left.dataset
        ? unlistDataset(env.DIRECTORY, left.dataset)
        : unlistRun(env.DIRECTORY, run, now);
      await inTime(unlisting, LONGEST_CALL_MS);
      this.note({ ...left, isListed: false });
    } else if (relays.length > 0) {
      const some = relays.slice(0, OBJECTS_A_TURN);
      await all(some.map(slot => relayOf(env, run, slot).erase()));
      this.note({ ...left, relays: relays.slice(some.length) });
    } else if (cohorts.length > 0) {
      const some = cohorts.slice(0, OBJECTS_A_TURN);
      await all(
        some.map(async ([role, index]) => {
          const made = await cohortOf(env, run, role, index, location).erase();
          // A fold that was under way has made shards of a version that never came out. They are told once.
          this.doom(made ?? []);
        }),
      );
      this.note({ ...left, cohorts: cohorts.slice(some.length) });
    } else if (folders[0] !== undefined) {
      if (!(await this.empty(folders[0]))) this.note({ ...left, folders: folders.slice(1) });
    } else return this.dropBlobs(run, now);
    return now + BETWEEN_TURNS_MS;
  }

  /** One page of what lies there. @returns whether there was anything */
  private async empty(prefix: string): Promise<boolean> {
    const { objects } = await bucketInTime(bucketOf(this.env).list({ prefix }));
    if (objects.length > 0) await bucketInTime(bucketOf(this.env).delete(objects.map(({ key }) => key)));
    return objects.length > 0;
  }

  private async dropBlobs(run: string, now: number): Promise<number | null> {
    const { sql } = this.storage;
    const query = 'SELECT sha256 FROM doomed WHERE dueAt <= ? LIMIT ?';
    const due = Array.from(sql.exec<{ sha256: string }>(query, now, BLOBS_A_TURN), row => row.sha256);
    if (due.length === 0) return this.nextBlob() ?? this.lastLook(run, now);
    const named = await inTime(namedByOthers(this.env.DIRECTORY, runOwner(run), due), LONGEST_CALL_MS);
    for (const sha256 of due) {
      const how = { run, isNamed: named.has(sha256), now };
      if ((await bucketInTime(dropBlob(bucketOf(this.env), sha256, how))) === 'done')
        sql.exec('DELETE FROM doomed WHERE sha256 = ?', sha256);
      else sql.exec('UPDATE doomed SET dueAt = ? WHERE sha256 = ?', now + SWEEP_GRACE_MS + 1, sha256);
    }
    return now + BETWEEN_TURNS_MS;
  }

  /** When the next one is due. Null if there is none. */
  private nextBlob(): number | null {
    return this.storage.sql.exec<{ at: number | null }>('SELECT min(dueAt) AS at FROM doomed').one().at;
  }

  /** An upload that was on its way when the run was deleted may have come since its folder was emptied. */
  private async lastLook(run: string, now: number): Promise<number | null> {
    for (const folder of foldersOf(run)) if (await this.empty(folder)) return now + BETWEEN_TURNS_MS;
    return this.end(run);
  }

  private async end(run: string): Promise<null> {
    await inTime(forgetNames(this.env.DIRECTORY, runOwner(run)), LONGEST_CALL_MS);
    await this.storage.deleteAlarm();
    await this.storage.deleteAll();
    this.left = null;
    return null;
  }

  private doom(names: readonly string[]): void {
    this.storage.sql.exec(
      'CREATE TABLE IF NOT EXISTS doomed (sha256 TEXT PRIMARY KEY, dueAt INTEGER NOT NULL) WITHOUT ROWID',
    );
    for (const sha256 of names)
      this.storage.sql.exec('INSERT OR IGNORE INTO doomed (sha256, dueAt) VALUES (?, 0)', sha256);
  }

  private note(left: Left): void {
    this.settings.put('left', left);
    this.left = left;
  }
}

const all = async (calls: readonly Promise<unknown>[]): Promise<void> => {
  await Promise.all(calls.map(call => inTime(call, LONGEST_CALL_MS)));
};

/** [KEY7] Deletes the run that is open here. */
export function beginDeletion(
  env: Env,
  storage: DurableObjectStorage,
  store: Pick<RunStore, 'sweeping' | 'manifest' | 'relays'>,
  cohorts: Pick<CohortCalls, 'placesOf'>,
  { identity, state }: Pick<OpenRun, 'identity' | 'state'>,
): Deletion {
  const { run, config, location } = identity;
  const manifests = store.sweeping.versions().map(version => store.manifest(version));
  const leaving = {
    ...{ run, relays: store.relays.everySlot(), cohorts: cohorts.placesOf(state), manifests },
    ...(location && { location }),
    blobs: runBlobs({ ...config, segments: {} }),
  };
  return Deletion.begin(env, storage, leaving);
}

/** All but those of a deletion, the note of the storage's version, and those of the platform. */
function dropTables(sql: SqlStorage): void {
  const query = `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('doomed', 'deletion', 'storage_version')
    AND name NOT GLOB '_cf_*' AND name NOT GLOB 'sqlite_*'`;
  for (const { name } of sql.exec<{ name: string }>(query).toArray()) sql.exec(`DROP TABLE "${name}"`);
}
