import { readdirSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Miniflare } from 'miniflare';

/** How many objects of a class have storage on disk: workerd keeps one database file for each. */
export async function countObjects(folder: string, className: string): Promise<number> {
  const files = await readdir(join(folder, 'objects', `-${className}`));
  return files.filter(file => /^[0-9a-f]{64}\.sqlite$/.test(file)).length;
}

/** Whether any file of the objects' storage, log files included, holds this text. */
export async function objectsHold(folder: string, text: string): Promise<boolean> {
  const entries = await readdir(join(folder, 'objects'), { recursive: true, withFileTypes: true });
  for (const entry of entries.filter(found => found.isFile()))
    if ((await readFile(join(entry.parentPath, entry.name))).includes(text)) return true;
  return false;
}

type Bucket = Awaited<ReturnType<Miniflare['getR2Bucket']>>;

/** Reads or changes what lies in R2. The platform that wrote it has to be stopped. */
export async function editBucket<T>(folder: string, edit: (bucket: Bucket) => Promise<T>): Promise<T> {
  const script = 'export default { fetch: () => new Response(null) }';
  const miniflare = new Miniflare({
    modules: true,
    script,
    r2Buckets: { BLOBS: 'homeroom-blobs' },
    r2Persist: join(folder, 'r2'),
    cf: false,
  });
  try {
    return await edit(await miniflare.getR2Bucket('BLOBS'));
  } finally {
    await miniflare.dispose();
  }
}

/** What lies in R2 under a prefix, by key. The platform that wrote it has to be stopped. */
export const readBucket = (folder: string, prefix: string): Promise<Map<string, Uint8Array>> =>
  editBucket(folder, async bucket => {
    const { objects } = await bucket.list({ prefix });
    const found = new Map<string, Uint8Array>();
    for (const { key } of objects) {
      const object = await bucket.get(key);
      if (object) found.set(key, new Uint8Array(await object.arrayBuffer()));
    }
    return found;
  });

/** The keys in R2 that begin so, of a platform that may be running. */
export const keysOnDisk = (folder: string, prefix: string): string[] =>
  askR2(folder, 'SELECT key FROM _mf_objects WHERE substr(key, 1, ?) = ?', prefix.length, prefix).map(
    ({ key }) => String(key),
  );

/** The blobs that R2 holds, of a platform that may be running. One that was swept has left an empty object. */
export const blobsOnDisk = (folder: string): string[] =>
  askR2(folder, "SELECT key FROM _mf_objects WHERE substr(key, 1, 6) = 'blobs/' AND size > 0").map(
    ({ key }) => String(key),
  );

/** The file in which R2 keeps an object's bytes. */
export function fileOfObject(folder: string, key: string): string {
  const [row] = askR2(folder, 'SELECT blob_id FROM _mf_objects WHERE key = ?', key);
  if (!row) throw new Error(`R2 has no ${key}`);
  return join(folder, 'r2/homeroom-blobs/blobs', String(row.blob_id));
}

/** The platform may be writing just then. */
const LONGEST_WRITE_MS = 5_000;

function askR2(folder: string, query: string, ...values: (string | number)[]) {
  const path = join(folder, 'r2/miniflare-R2BucketObject');
  const files = readdirSync(path).filter(file => /^[0-9a-f]{64}\.sqlite$/.test(file));
  return files.flatMap(file => {
    const database = new DatabaseSync(join(path, file), { readOnly: true, timeout: LONGEST_WRITE_MS });
    try {
      return database.prepare(query).all(...values);
    } finally {
      database.close();
    }
  });
}
