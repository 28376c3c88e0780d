import { Hono } from 'hono';
import { sha256Schema } from '../../shared/protocol/identifiers.ts';
import { refused } from '../../shared/protocol/refusals.ts';
import { getBlob, headBlob, putBlob } from '../storage/blobs.ts';
import { type HonoEnv, readBody, refuse, respond } from './http.ts';
import { immutableHeaders } from './immutable.ts';
import { mayCreate } from './may-create.ts';

/** Shards and parts are about 1 MB at most. The topology of a deep network may be longer. */
const MAX_BLOB_BYTES = 4_000_000;

const isWhole = (blob: R2Object): blob is R2ObjectBody => 'body' in blob;

export const blobs = new Hono<HonoEnv>()
  .get('/:sha256', async c => {
    const sha256 = sha256Schema.safeParse(c.req.param('sha256'));
    // hono uses this route for HEAD too. It must open no body then, for nobody would read it.
    const find = c.req.method === 'HEAD' ? headBlob : getBlob;
    const blob = sha256.success ? await find(c.env.BLOBS, sha256.data) : null;
    if (!blob) return refuse(c, refused('not-found'));
    const headers = immutableHeaders(blob, blob.size);
    return isWhole(blob) ? c.body(blob.body, 200, headers) : c.body(null, 200, headers);
  })
  .put('/:sha256', async c => {
    const allowed = await mayCreate(c);
    if (!allowed.ok) return refuse(c, allowed);
    const sha256 = sha256Schema.safeParse(c.req.param('sha256'));
    if (!sha256.success) return refuse(c, refused('malformed', 'a blob is named by its SHA-256'));
    const body = await readBody(c.req.raw, MAX_BLOB_BYTES);
    if (!body.ok) return refuse(c, body);
    return respond(c, await putBlob(c.env.BLOBS, sha256.data, body.value), 201);
  });
