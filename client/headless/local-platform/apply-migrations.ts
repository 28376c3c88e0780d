import type { Miniflare } from 'miniflare';
import type { D1Migration } from './worker-description.ts';

type Database = Awaited<ReturnType<Miniflare['getD1Database']>>;

/** The table in which wrangler keeps what it has applied to a deployment's database. */
const CREATE_TABLE = `CREATE TABLE IF NOT EXISTS d1_migrations(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT UNIQUE,
  applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
)`;

/**
 * Applies the migrations that this database has not had yet, as `wrangler d1 migrations apply` does for a deployment.
 * The names and the table are the same, so wrangler and the local platform can take turns on one database.
 * @throws with the migration's name if its SQL fails; nothing of that migration is kept
 */
export async function applyMigrations(database: Database, migrations: readonly D1Migration[]): Promise<void> {
  await database.prepare(CREATE_TABLE).run();
  const { results } = await database.prepare('SELECT name FROM d1_migrations').all<{ name: string }>();
  const applied = new Set(results.map(({ name }) => name));
  for (const migration of migrations)
    if (!applied.has(migration.name)) await applyMigration(database, migration);
}

/** The changes and the note that they were applied are one transaction. */
async function applyMigration(database: Database, { name, statements }: D1Migration): Promise<void> {
  const note = database.prepare('INSERT INTO d1_migrations (name) VALUES (?)').bind(name);
  const changes = statements.map(statement => database.prepare(statement));
  await database.batch([...changes, note]).catch((cause: unknown) => {
    throw new Error(`the migration ${name} failed`, { cause });
  });
}
