import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { RunState } from '../../shared/federation/run-state.ts';
import { RunStore } from '../../worker/coordinator/store/run-store.ts';
import { storedState } from '../../worker/coordinator/store/stored-state.ts';

type Storage = ConstructorParameters<typeof RunStore>[0];

/** As much of an object's storage as the store uses, on a database that workerd has left. */
function storageOf(database: DatabaseSync): Storage {
  const exec = (query: string, ...values: SQLInputValue[]) => {
    const rows = database.prepare(query).all(...values);
    return { toArray: () => rows, one: () => rows[0], [Symbol.iterator]: () => rows.values() };
  };
  return { sql: { exec }, transactionSync: (write: () => unknown) => write() } as unknown as Storage;
}

/** The state of the run that a coordinator has stored. */
export function readState(database: DatabaseSync): RunState {
  const left = new RunStore(storageOf(database)).open(0);
  if (!left) throw new Error('there is no run in this database');
  return left.state;
}

/**
 * Writes a coordinator's rows as they were before a step was one row: every volunteer, lease and entry had one of its
 * own, and the view's snapshot as well. There is no snapshot of the view here, as in a run of less than 200 entries.
 */
export function splitRows(database: DatabaseSync): void {
  const { core, volunteers, leases } = storedState(readState(database));
  const entries = new RunStore(storageOf(database));
  entries.open(0);
  const ledger = [...ledgerOf(entries)];
  database.exec(`
    DROP TABLE storage_version;
    DROP TABLE snapshot;
    DROP TABLE ledger;
    DELETE FROM item WHERE kind = 'pending';
    CREATE TABLE ledger (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, json TEXT NOT NULL);
  `);
  const insert = database.prepare('INSERT INTO ledger (seq, at, json) VALUES (?, ?, ?)');
  for (const { seq, at, event } of ledger) insert.run(seq, at, JSON.stringify(event));
  const put = database.prepare('INSERT INTO item (kind, id, json) VALUES (?, ?, ?)');
  put.run('core', '', JSON.stringify(core));
  for (const volunteer of volunteers) put.run('volunteer', volunteer.id, JSON.stringify(volunteer));
  for (const lease of leases) put.run('lease', lease.id, JSON.stringify(lease));
}

function* ledgerOf(store: RunStore) {
  for (let page = store.ledger(0); page.length > 0; page = store.ledger(page.at(-1)?.seq ?? 0)) yield* page;
}
