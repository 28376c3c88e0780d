import { Hono } from 'hono';
import { refused } from '../shared/protocol/refusals.ts';
import { isolation } from './doors/isolation.ts';
import { ownNames } from './doors/own-names.ts';
import { ownPages } from './doors/own-pages.ts';
import { soundSecrets } from './doors/sound-secrets.ts';
import { archives } from './routes/archives.ts';
import { blobs } from './routes/blobs.ts';
import { checks } from './routes/checks.ts';
import { datasets } from './routes/datasets.ts';
import { hearOut } from './routes/hear-out.ts';
import { type HonoEnv, onError, refuse, safeHeaders } from './routes/http.ts';
import { leases } from './routes/leases.ts';
import { ownership } from './routes/ownership.ts';
import { pages } from './routes/pages.ts';
import { passes, personPage } from './routes/person.ts';
import { runs } from './routes/runs.ts';

export { Cohort } from './cohort/cohort.ts';
export { RunCoordinator } from './coordinator/run-coordinator.ts';
export { Housekeeper } from './housekeeper/housekeeper.ts';
export { SecretKeeper } from './keeper/secret-keeper.ts';
export { EventRelay } from './relay/event-relay.ts';
export { BlobShelf } from './shelf/blob-shelf.ts';

const app = new Hono<HonoEnv>()
  .use(safeHeaders)
  .use(hearOut)
  .use(isolation)
  .use(ownNames)
  .use(ownPages)
  .use(soundSecrets)
  .route('/api/runs', runs)
  .route('/api/runs', leases)
  .route('/api/runs', checks)
  .route('/api/runs', archives)
  .route('/api/runs', passes)
  .route('/api/blobs', blobs)
  .route('/api/datasets', datasets)
  .route('/api/owner', ownership)
  .route('/', personPage)
  .route('/', pages)
  .notFound(c => refuse(c, refused('not-found', c.req.path)))
  .onError(onError);

export default app;
