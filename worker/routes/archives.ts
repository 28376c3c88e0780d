import { type Context, Hono } from 'hono';
import * as z from 'zod';
import { idSchema, roleSchema } from '../../shared/protocol/identifiers.ts';
import { refused } from '../../shared/protocol/refusals.ts';
import { type ArchivePlace, getArchived, headArchived, listArchive } from '../storage/archives.ts';
import type { ByteRange } from '../storage/bucket.ts';
import { bucketOf } from '../storage/bucket-of.ts';
import { type HonoEnv, refuse } from './http.ts';
import { immutableHeaders } from './immutable.ts';

/** Written in one way only, so that no two addresses lead to the same object. */
const numberSchema = z
  .string()
  .regex(/^(0|[1-9]\d{0,5})$/)
  .transform(Number);

const placeSchema = z.object({ run: idSchema, role: roleSchema.exclude(['evaluator']), round: numberSchema });

/** What went into each version, for whoever wants to recompute it. It reaches archives of folded rounds and nothing else. */
export const archives = new Hono<HonoEnv>()
  .get('/:run/archive/:role/:round', async c => {
    const place = placeOf(c);
    if (!place) return refuse(c, refused('not-found'));
    return c.json({ pieces: await listArchive(bucketOf(c.env), place) });
  })
  .get('/:run/archive/:role/:round/:number', async c => {
    const place = placeOf(c);
    const number = numberSchema.safeParse(c.req.param('number'));
    if (!place || !number.success) return refuse(c, refused('not-found'));
    // hono uses this route for HEAD too. It must open no body then, for nobody would read it.
    return c.req.method === 'HEAD' ? tell(c, place, number.data) : send(c, place, number.data);
  });

const placeOf = (c: Context<HonoEnv>): ArchivePlace | null =>
  placeSchema.safeParse(c.req.param()).data ?? null;

async function tell(c: Context<HonoEnv>, place: ArchivePlace, number: number): Promise<Response> {
  const object = await headArchived(bucketOf(c.env), place, number);
  return object ? c.body(null, 200, immutableHeaders(object, object.size)) : refuse(c, refused('not-found'));
}

async function send(c: Context<HonoEnv>, place: ArchivePlace, number: number): Promise<Response> {
  const range = readRange(c.req.header('range'));
  const object = await getArchived(bucketOf(c.env), place, number, range);
  if (object === 'beyond') return c.body(null, 416);
  if (!object) return refuse(c, refused('not-found'));
  const { size, body } = object;
  if (!range) return c.body(body, 200, immutableHeaders(object, size));
  const length = Math.min(range.length ?? size, size - range.offset);
  return c.body(body, 206, {
    ...immutableHeaders(object, length),
    'content-range': `bytes ${range.offset}-${range.offset + length - 1}/${size}`,
  });
}

/** One range from an offset on. All other forms are passed over, as HTTP allows. */
function readRange(header: string | undefined): ByteRange | undefined {
  const [, first, last] = /^bytes=(\d{1,12})-(\d{0,12})$/.exec(header ?? '') ?? [];
  if (first === undefined) return undefined;
  const offset = Number(first);
  if (!last) return { offset };
  const length = Number(last) - offset + 1;
  return length > 0 ? { offset, length } : undefined;
}
