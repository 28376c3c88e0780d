import { DurableObject } from 'cloudflare:workers';
import { AlarmClock } from '../alarm-clock.ts';
import type { Env } from '../env.ts';
import { inTime } from '../in-time.ts';
import type { CountedStorage, HousekeeperObject } from '../object-calls.ts';
import { bucketOf } from '../storage/bucket-of.ts';
import { forgetDeletedRuns } from '../storage/directory.ts';
import { SettingTable } from '../storage/setting-table.ts';
import { StorageVersion } from '../storage/storage-version.ts';
import { housekeeperChanges } from './housekeeper-changes.ts';
import { UsageTable } from './usage-table.ts';
import { walkBlobs } from './walk-blobs.ts';
import { type FolderPlace, walkFolders } from './walk-folders.ts';

/** From the end of a walk to the next one. */
const EVERY_MS = 86_400_000;

/** A turn leaves the object to others for so long. What failed is tried again after the longer time. */
const BETWEEN_TURNS_MS = 100;
const RETRY_MS = 600_000;

/** One turn makes some hundreds of calls, one after another. */
const LONGEST_TURN_MS = 300_000;

/** A deleted run is called deleted for so long, and not found after that. */
const TELL_DELETED_MS = 365 * 86_400_000;

const MOST_OWNERS = 1_000;

/** How far the walk has come: through all blobs first, and then through what each run has beside them. */
type Place =
  | { readonly at: 'blobs'; readonly cursor: string | null }
  | { readonly at: 'folders'; readonly place: FolderPlace | null };

/**
 * Walks once a day through all that is stored, in turns of bounded length, each of which an alarm begins and can be
 * repeated. It lets go of what nobody names, and counts who has how much. There is one such object. An alarm wakes it, for
 * a laptop has no schedule such as Cloudflare's cron triggers.
 */
export class Housekeeper extends DurableObject<Env> implements HousekeeperObject {
  private readonly settings: SettingTable;
  private readonly usage: UsageTable;
  private readonly alarms: AlarmClock;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const { sql } = ctx.storage;
    const version = new StorageVersion(ctx.storage, housekeeperChanges);
    this.settings = new SettingTable(sql, 'housekeeping', () => version.note());
    if (this.settings.exists) version.upgrade(sql);
    this.usage = new UsageTable(sql);
    this.alarms = new AlarmClock(ctx.storage);
    void ctx.blockConcurrencyWhile(() => this.alarms.wake());
  }

  async expectWalk(): Promise<void> {
    await this.alarms.ringBy(Date.now() + EVERY_MS);
  }

  async walkNow(): Promise<void> {
    await this.alarms.ringBy(Date.now());
  }

  stored(): CountedStorage {
    const isCounting = this.settings.get<Place>('place') !== null;
    const countedAt = this.settings.get<number>('counted at');
    if (countedAt === null) return { countedAt, isCounting, bytes: 0, objects: 0, owners: [] };
    return { countedAt, isCounting, ...this.usage.total(), owners: this.usage.largest(MOST_OWNERS) };
  }

  override async alarm(): Promise<void> {
    this.alarms.rang();
    const now = Date.now();
    try {
      const isOver = await inTime(this.turn(now), LONGEST_TURN_MS);
      await this.alarms.ringBy(Date.now() + (isOver ? EVERY_MS : BETWEEN_TURNS_MS));
    } catch (error) {
      // What was rolled back must not be remembered either.
      this.settings.forget();
      console.error('the housekeeping is not done', error);
      await this.alarms.ringBy(now + RETRY_MS);
    }
  }

  /** @returns whether the walk has come to its end */
  private async turn(now: number): Promise<boolean> {
    const place = this.settings.get<Place>('place') ?? this.begin();
    const ports = { bucket: bucketOf(this.env), database: this.env.DIRECTORY };
    if (place.at === 'blobs') {
      const { counted, cursor } = await walkBlobs(ports, place.cursor, now);
      this.goOn(counted, cursor === null ? { at: 'folders', place: null } : { at: 'blobs', cursor });
      return false;
    }
    const { counted, next } = await walkFolders(ports, place.place);
    if (next === null) return this.finish(now);
    this.goOn(counted, { at: 'folders', place: next });
    return false;
  }

  private begin(): Place {
    const place: Place = { at: 'blobs', cursor: null };
    this.ctx.storage.transactionSync(() => {
      this.usage.begin();
      this.settings.put('place', place);
    });
    return place;
  }

  /** What was counted and where the walk goes on are one transaction, so nothing is counted twice. */
  private goOn(counted: Parameters<UsageTable['add']>[0], place: Place): void {
    this.ctx.storage.transactionSync(() => {
      this.usage.add(counted);
      this.settings.put('place', place);
    });
  }

  private async finish(now: number): Promise<true> {
    await forgetDeletedRuns(this.env.DIRECTORY, now - TELL_DELETED_MS);
    this.ctx.storage.transactionSync(() => {
      this.usage.finish();
      this.settings.put('counted at', now);
      this.settings.put('place', null);
    });
    return true;
  }
}
