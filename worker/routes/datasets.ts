import { type Context, Hono } from 'hono';
import type { DataList } from '../../shared/protocol/data-list.ts';
import { builtInNames, datasetSchema } from '../../shared/protocol/dataset.ts';
import { sha256Schema } from '../../shared/protocol/identifiers.ts';
import type { DatasetList } from '../../shared/protocol/messages.ts';
import { accepted, type Result, refused } from '../../shared/protocol/refusals.ts';
import { removeParts } from '../coordinator/remove-parts.ts';
import { mayCreate, mayDo } from '../doors/callers.ts';
import { rated } from '../doors/rates.ts';
import { hasBlob } from '../storage/blobs.ts';
import { bucketOf } from '../storage/bucket-of.ts';
import {
  type DatasetRow,
  findDataset,
  listSummaries,
  listWhole,
  putDataset,
  usersOfDataset,
} from '../storage/dataset-directory.ts';
import { sameKey } from '../tokens.ts';
import { bearer, type HonoEnv, MAX_SPEC_BYTES, readJson, refuse, respond } from './http.ts';

export const datasets = new Hono<HonoEnv>()
  .get('/', rated('INFO_RATE'), async c => {
    const { DIRECTORY, BLOBS } = c.env;
    const storage = BLOBS ? {} : ({ storage: 'objects' } as const);
    // A name may be `..`, which no path can end with.
    const name = c.req.query('name');
    if (name !== undefined) {
      const row = await findDataset(DIRECTORY, name);
      return row ? c.json({ datasets: [row.dataset] } satisfies DatasetList) : refuse(c, noDataset(name));
    }
    if (c.req.query('sizes') === undefined)
      return c.json({ datasets: await listWhole(DIRECTORY), ...storage } satisfies DatasetList);
    return c.json({ sets: await listSummaries(DIRECTORY), ...storage } satisfies DataList);
  })
  .post('/', async c => {
    const allowed = await mayCreate(c);
    if (!allowed.ok) return refuse(c, allowed);
    const keyHash = sha256Schema.optional().safeParse(c.req.query('keyHash'));
    if (!keyHash.success) return refuse(c, refused('malformed', 'keyHash: the SHA-256 of a key'));
    const dataset = await readJson(c.req.raw, datasetSchema, { maxBytes: MAX_SPEC_BYTES });
    if (!dataset.ok) return refuse(c, dataset);
    if (dataset.value.kind !== 'hosted')
      return refuse(c, refused('bad-spec', 'only hosted sets are registered'));
    if (builtInNames.includes(dataset.value.name))
      return refuse(c, refused('name-taken', `${dataset.value.name} is built in`));
    // The last part is uploaded last. If it is there, the import was not broken off.
    const last = dataset.value.test.at(-1)?.sha256 ?? '';
    if (!(await hasBlob(bucketOf(c.env), last)))
      return refuse(c, refused('bad-spec', 'its parts were not uploaded'));
    const { isThere, hasKey } = await putDataset(c.env.DIRECTORY, dataset.value, {
      ...{ now: Date.now(), mayReplace: await mayDo(c, 'replaceDataset') },
      keyHash: keyHash.data ?? null,
    });
    return isThere ? c.json({ hasKey }, 201) : refuse(c, refused('name-taken', dataset.value.name));
  })
  .delete('/', async c => {
    const name = c.req.query('name') ?? '';
    const row = await findDataset(c.env.DIRECTORY, name);
    if (!row) return refuse(c, noDataset(name));
    const allowed = await mayRemove(c, row);
    if (!allowed.ok) return refuse(c, allowed);
    const users = await usersOfDataset(c.env.DIRECTORY, name);
    if (users.length > 0) return refuse(c, refused('in-use', tellUsers(users)));
    await removeParts(c.env, row);
    return respond(c, accepted({}));
  });

const noDataset = (name: string) => refused('not-found', `the data set ${name}`);

/** Whoever shows the key that it was uploaded with, and the owner of the platform. */
async function mayRemove(c: Context<HonoEnv>, { keyHash }: DatasetRow): Promise<Result<true>> {
  const isUploader = keyHash !== null && (await sameKey(bearer(c), keyHash));
  return isUploader || (await mayDo(c, 'removeDataset')) ? accepted(true) : refused('forbidden');
}

const MOST_TOLD = 10;

const tellUsers = (names: readonly string[]): string =>
  [
    ...names.slice(0, MOST_TOLD),
    ...(names.length > MOST_TOLD ? [`${names.length - MOST_TOLD} more`] : []),
  ].join(', ');
