import { Hono } from 'hono';
import { builtInNames, datasetSchema } from '../../shared/protocol/dataset.ts';
import { refused } from '../../shared/protocol/refusals.ts';
import { mayCreate, mayDo } from '../doors/callers.ts';
import { hasBlob } from '../storage/blobs.ts';
import { listDatasets, putDataset } from '../storage/directory.ts';
import { type HonoEnv, MAX_SPEC_BYTES, readJson, refuse } from './http.ts';

export const datasets = new Hono<HonoEnv>()
  .get('/', async c => c.json({ datasets: await listDatasets(c.env.DIRECTORY) }))
  .post('/', async c => {
    const allowed = await mayCreate(c);
    if (!allowed.ok) return refuse(c, allowed);
    const dataset = await readJson(c.req.raw, datasetSchema, { maxBytes: MAX_SPEC_BYTES });
    if (!dataset.ok) return refuse(c, dataset);
    if (dataset.value.kind !== 'hosted')
      return refuse(c, refused('bad-spec', 'only hosted sets are registered'));
    if (builtInNames.includes(dataset.value.name))
      return refuse(c, refused('name-taken', `${dataset.value.name} is built in`));
    // The last part is uploaded last. If it is there, the import was not broken off.
    const last = dataset.value.test.at(-1)?.sha256 ?? '';
    if (!(await hasBlob(c.env.BLOBS, last)))
      return refuse(c, refused('bad-spec', 'its parts were not uploaded'));
    const isThere = await putDataset(
      c.env.DIRECTORY,
      dataset.value,
      Date.now(),
      await mayDo(c, 'replaceDataset'),
    );
    return isThere ? c.json({}, 201) : refuse(c, refused('name-taken', dataset.value.name));
  });
