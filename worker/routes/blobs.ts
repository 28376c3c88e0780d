import { Hono } from 'hono';
import { sha256Schema } from '../../shared/protocol/identifiers.ts';
import { lackingRequestSchema } from '../../shared/protocol/messages.ts';
import { type Result, refused } from '../../shared/protocol/refusals.ts';
import { mayCreate } from '../doors/callers.ts';
import { noteStored } from '../housekeeper/housekeeper-of.ts';
import { getBlob, headBlob, lackingBlobs, putBlob, putStream } from '../storage/blobs.ts';
import type { Bucket, StoredBody, StoredObject } from '../storage/bucket.ts';
import { bucketOf } from '../storage/bucket-of.ts';
import { type HonoEnv, readBody, readJson, refuse, respond } from './http.ts';
import { immutableHeaders } from './immutable.ts';
import { passOn } from './pass-on.ts';

/** Shards and parts are about 1 MB at most. The topology of a deep network may be longer. */
const MAX_BLOB_BYTES = 4_000_000;

/** A blob of at most so many bytes is held in memory, which spares the bucket a question. */
const HELD_BYTES = 250_000;

const isWhole = (blob: StoredObject): blob is StoredBody => 'body' in blob;

export const blobs = new Hono<HonoEnv>()
  .get('/:sha256', async c => {
    const sha256 = sha256Schema.safeParse(c.req.param('sha256'));
    // hono uses this route for HEAD too. It must open no body then, for nobody would read it.
    const find = c.req.method === 'HEAD' ? headBlob : getBlob;
    const blob = sha256.success ? await find(bucketOf(c.env), sha256.data) : null;
    if (!blob) return refuse(c, refused('not-found'));
    const headers = immutableHeaders(blob, blob.size);
    return isWhole(blob) ? c.body(blob.body, 200, headers) : c.body(null, 200, headers);
  })
  .post('/lacking', async c => {
    const allowed = await mayCreate(c);
    if (!allowed.ok) return refuse(c, allowed);
    const asked = await readJson(c.req.raw, lackingRequestSchema);
    if (!asked.ok) return refuse(c, asked);
    return c.json({ lacking: await lackingBlobs(bucketOf(c.env), asked.value.sha256) });
  })
  .put('/:sha256', async c => {
    const allowed = await mayCreate(c);
    if (!allowed.ok) return refuse(c, allowed);
    const sha256 = sha256Schema.safeParse(c.req.param('sha256'));
    if (!sha256.success) return refuse(c, refused('malformed', 'a blob is named by its SHA-256'));
    c.executionCtx.waitUntil(noteStored(c.env, Date.now()));
    return respond(c, await store(bucketOf(c.env), sha256.data, c.req.raw), 201);
  });

/** A host sends dozens of blobs at once, so large ones pass to the bucket as they come. */
async function store(bucket: Bucket, sha256: string, request: Request): Promise<Result<true>> {
  const bytes = Number(request.headers.get('content-length') ?? 0);
  if (request.body && bytes > HELD_BYTES && bytes <= MAX_BLOB_BYTES)
    return passOn(request.body, bytes, stream => putStream(bucket, sha256, stream));
  const body = await readBody(request, MAX_BLOB_BYTES);
  return body.ok ? putBlob(bucket, sha256, body.value) : body;
}
