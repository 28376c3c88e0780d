import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
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
