import { type DBSchema, type IDBPDatabase, openDB } from 'idb';

/**
 * A database opens in milliseconds, and on a busy device in a second or two. In Safari one may never open, and says
 * nothing (https://bugs.webkit.org/show_bug.cgi?id=226547).
 */
const OPEN_MS = 5_000;

/** A database that is opened when it is first needed, and again after it was closed. */
export class IdbConnection<T extends DBSchema> {
  private readonly name: string;
  private readonly create: (db: IDBPDatabase<T>) => void;
  private opened: Promise<IDBPDatabase<T>> | null = null;

  /** @param create makes the object stores of a new database */
  constructor(name: string, create: (db: IDBPDatabase<T>) => void) {
    this.name = name;
    this.create = create;
  }

  /**
   * What failed to open, or was closed, is opened again by the next call. What has not opened in time is not waited for
   * again, and counts as soon as it opens after all.
   * @throws if it does not open
   */
  open(): Promise<IDBPDatabase<T>> {
    this.opened ??= this.openInTime();
    return this.opened;
  }

  private openInTime(): Promise<IDBPDatabase<T>> {
    const opening = this.connect();
    opening.then(
      () => {
        this.opened = opening;
      },
      () => this.forget(),
    );
    return new Promise((resolve, reject) => {
      const giveUp = (): void => reject(new Error(`the database ${this.name} does not open`));
      const timer = setTimeout(giveUp, OPEN_MS);
      opening.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }

  /** Async, since a browser may have no databases at all. */
  private async connect(): Promise<IDBPDatabase<T>> {
    const db = await openDB<T>(this.name, 1, {
      upgrade: this.create,
      // The browser closes it, for instance if a person clears what the page has stored.
      terminated: () => this.forget(),
      // A later version of the page wants to change the database, and waits until all older ones have closed it.
      blocking: () => {
        db.close();
        this.forget();
      },
    });
    return db;
  }

  private forget(): void {
    this.opened = null;
  }
}
