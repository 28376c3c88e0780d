import type { DBSchema } from 'idb';
import type { KeptEntry, LetGo, OutboxStore } from '../../volunteer/outbox/outbox-store.ts';
import { IdbConnection } from './idb-connection.ts';

/** A tab that says nothing for so long is gone. Browsers let a hidden tab act once a minute. */
const CLAIM_MS = 150_000;
const RENEW_MS = 30_000;

/** Which tab sends an update, on a page without locks. */
interface TabClaim {
  readonly tab: string;
  readonly until: number;
}

/** The bytes are apart from the facts about them, because listing must not read hundreds of megabytes. */
interface OutboxDb extends DBSchema {
  updates: { key: string; value: Uint8Array<ArrayBuffer> };
  entries: { key: string; value: KeptEntry };
  claims: { key: string; value: TabClaim };
}

interface IdbOutboxOptions {
  /** Undefined on a page without locks (http from another device). Then the database holds the claims. */
  readonly locks: LockManager | undefined;
  /** This tab, by a name that it keeps when it is loaded again. */
  readonly tab: string;
}

/** Keeps trained updates in IndexedDB. All tabs of a profile share it, and each update is sent by one of them. */
export class IdbOutbox implements OutboxStore {
  /** Called after each update that was kept or removed. */
  onWritten: () => void = () => {};
  private readonly name: string;
  private readonly options: IdbOutboxOptions;
  private readonly connection: IdbConnection<OutboxDb>;
  /** What this tab holds: a lock does not tell a tab from itself. */
  private readonly held = new Set<string>();

  constructor(name: string, options: IdbOutboxOptions) {
    this.name = name;
    this.options = options;
    this.connection = new IdbConnection(name, db => {
      db.createObjectStore('updates');
      db.createObjectStore('entries');
      db.createObjectStore('claims');
    });
  }

  list = async (): Promise<readonly KeptEntry[]> => {
    const db = await this.connection.open().catch(() => null);
    return db ? db.getAll('entries').catch(() => []) : [];
  };

  get = async (name: string): Promise<Uint8Array<ArrayBuffer> | undefined> => {
    const db = await this.connection.open().catch(() => null);
    return db ? db.get('updates', name).catch(() => undefined) : undefined;
  };

  put = async (name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> => {
    try {
      const db = await this.connection.open();
      const writing = db.transaction(['updates', 'entries'], 'readwrite');
      await Promise.all([
        writing.objectStore('updates').put(bytes, name),
        writing.objectStore('entries').put({ name, bytes: bytes.length, keptAt: Date.now() }, name),
        writing.done,
      ]);
      this.onWritten();
    } catch (error) {
      throw new Error(whyNot(error), { cause: error });
    }
  };

  remove = async (name: string): Promise<void> => {
    try {
      const db = await this.connection.open();
      const removing = db.transaction(['updates', 'entries'], 'readwrite');
      await Promise.all([
        removing.objectStore('updates').delete(name),
        removing.objectStore('entries').delete(name),
        removing.done,
      ]);
      this.onWritten();
    } catch {}
  };

  claim = async (name: string): Promise<LetGo | null> => {
    if (this.held.has(name)) return null;
    this.held.add(name);
    let letGo: LetGo | null = null;
    try {
      letGo = await this.hold(name);
    } finally {
      if (!letGo) this.held.delete(name);
    }
    return (
      letGo &&
      (() => {
        letGo();
        this.held.delete(name);
      })
    );
  };

  private hold(name: string): Promise<LetGo | null> {
    const { locks } = this.options;
    return locks ? holdLock(locks, `${this.name}:${name}`) : this.claimInDatabase(name);
  }

  private async claimInDatabase(name: string): Promise<LetGo | null> {
    if (!(await this.renew(name))) return null;
    const renewing = setInterval(() => void this.renew(name).catch(() => {}), RENEW_MS);
    return () => {
      clearInterval(renewing);
      void this.connection
        .open()
        .then(db => db.delete('claims', name))
        .catch(() => {});
    };
  }

  /** @returns whether it is this tab's now. A claim that lasts longer than any was made under another clock */
  private async renew(name: string): Promise<boolean> {
    const db = await this.connection.open();
    const claiming = db.transaction('claims', 'readwrite');
    const now = Date.now();
    const claim = await claiming.store.get(name);
    const isOthers =
      claim && claim.tab !== this.options.tab && claim.until > now && claim.until <= now + CLAIM_MS;
    if (!isOthers) await claiming.store.put({ tab: this.options.tab, until: now + CLAIM_MS }, name);
    await claiming.done;
    return !isOthers;
  }
}

const whyNot = (error: unknown): string =>
  error instanceof DOMException && error.name === 'QuotaExceededError'
    ? 'its storage is full'
    : 'this window keeps nothing';

/** The lock goes with the tab, however the tab ends. */
function holdLock(locks: LockManager, name: string): Promise<LetGo | null> {
  return new Promise((resolve, reject) => {
    const hold = (lock: Lock | null): Promise<void> | undefined => {
      if (lock) return new Promise<void>(letGo => resolve(() => letGo()));
      resolve(null);
      return undefined;
    };
    locks.request(name, { ifAvailable: true }, hold).catch(reject);
  });
}
