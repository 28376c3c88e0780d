import { type TableChange, tableChanges } from './directory-tables.ts';

/** As wrangler names and makes it: it has kept there what it applied to the databases of older deployments. */
const CREATE_NOTES = `CREATE TABLE IF NOT EXISTS d1_migrations(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT UNIQUE,
  applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
)`;

/** Databases whose tables are those of this Worker, as this isolate has seen. */
const upToDate = new WeakSet<D1Database>();

/**
 * Makes sure that the directory's database has the tables that this Worker needs. The first call in an isolate looks, and applies what is
 * missing. Whatever reads or writes the directory begins with this.
 * @throws if the database cannot be reached
 */
export async function withTables(database: D1Database): Promise<void> {
  if (upToDate.has(database)) return;
  await bringUpToDate(database);
  upToDate.add(database);
}

/**
 * Applies the changes that a database has not had yet. Several may do that at once: one of them applies each change.
 * @throws with the change's name if its SQL fails; nothing of that change is kept
 */
export async function bringUpToDate(
  database: D1Database,
  changes: readonly TableChange[] = tableChanges,
): Promise<void> {
  const applied = await appliedTo(database);
  for (const change of changes) if (!applied.has(change.name)) await apply(database, change);
}

async function appliedTo(database: D1Database): Promise<ReadonlySet<string>> {
  await database.prepare(CREATE_NOTES).run();
  const { results } = await database.prepare('SELECT name FROM d1_migrations').all<{ name: string }>();
  return new Set(results.map(({ name }) => name));
}

/** The statements and the note that they were applied are one transaction. */
async function apply(database: D1Database, { name, statements }: TableChange): Promise<void> {
  const note = database.prepare('INSERT INTO d1_migrations (name) VALUES (?)').bind(name);
  try {
    await database.batch([...statements.map(statement => database.prepare(statement)), note]);
  } catch (cause) {
    const isDoneByAnother = (await appliedTo(database)).has(name);
    if (!isDoneByAnother) throw new Error(`the change ${name} of the tables failed`, { cause });
  }
}
