import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { editStorage } from './edit-storage.ts';

/** An hour passes: of the blobs, of what is waited for, and of the alarms. The platform has to be stopped. */
export function letAnHourPass(folder: string): void {
  editStorage(folder, 'bucket', database =>
    database.exec('UPDATE _mf_objects SET uploaded = uploaded - 7200000'),
  );
  editStorage(folder, 'shelves', database => {
    if (hasTable(database, 'objects')) database.exec('UPDATE objects SET uploaded = uploaded - 7200000');
  });
  ringAlarms(join(folder, 'objects/-RunCoordinator'));
  editStorage(folder, 'coordinators', database => {
    // Key 1 is when the alarm is due, as the object itself knows it.
    if (hasTable(database, 'doomed'))
      database.exec('UPDATE _cf_METADATA SET value = 1 WHERE key = 1; UPDATE doomed SET dueAt = 1');
  });
}

const hasTable = (database: DatabaseSync, name: string): boolean =>
  database.prepare('SELECT 1 FROM sqlite_master WHERE name = ?').all(name).length > 0;

function ringAlarms(path: string): void {
  for (const file of readdirSync(path).filter(name => name === 'metadata.sqlite')) {
    const database = new DatabaseSync(join(path, file));
    database.exec('UPDATE _cf_ALARM SET scheduled_time = 1');
    database.close();
  }
}
