/** Blobs are spread by their hash over so many shelves. Each is one thread, and holds 10 GB at most. */
const BLOB_SHELVES = 16;

/** The names of all shelves with blobs. */
export const blobShelves: readonly string[] = Array.from({ length: BLOB_SHELVES }, (_, i) => `blobs/${i}`);

/**
 * The name of the shelf on which a key lies. What belongs to a run, `KIND/RUN/…`, lies on the run's shelf, so that one shelf
 * is asked for a list of it, and nothing is left of the shelf once the run is deleted. Blobs belong to everybody.
 * @throws if the key has not two folders, or is of no blob by its hash
 */
export function shelfOf(key: string): string {
  const [, kind, second] = /^([a-z]+)\/([^/]+)/.exec(key) ?? [];
  if (kind === 'blobs' && second && /^[0-9a-f]{64}$/.test(second))
    return `blobs/${Number.parseInt(second.slice(0, 2), 16) % BLOB_SHELVES}`;
  if (!kind || kind === 'blobs' || !second || !key.startsWith(`${kind}/${second}/`))
    throw new Error(`no shelf has such keys: ${key}`);
  return `run/${second}`;
}
