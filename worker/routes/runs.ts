import { Hono } from 'hono';
import { idSchema } from '../../shared/protocol/identifiers.ts';
import { createRunRequestSchema, joinRequestSchema, type RunInfo } from '../../shared/protocol/messages.ts';
import { accepted, refused } from '../../shared/protocol/refusals.ts';
import { coordinatorOf } from '../coordinator/coordinator-of.ts';
import { isOwner, mayCreate, mayDo } from '../doors/callers.ts';
import { knownRuns, noteRun } from '../doors/known-runs.ts';
import { rated } from '../doors/rates.ts';
import type { Env } from '../env.ts';
import { inTime } from '../in-time.ts';
import { locationNear } from '../location.ts';
import { withTables } from '../storage/bring-up-to-date.ts';
import { listRuns } from '../storage/directory.ts';
import { createId, deriveId, prepareToSign } from '../tokens.ts';
import { events } from './events.ts';
import { hosting } from './hosting.ts';
import { bearer, type HonoEnv, MAX_SPEC_BYTES, readJson, refuse, respond } from './http.ts';

/**
 * Of 32 letters and digits. Whoever knows the id of a run may look at it, and join it without a code. To meet one of a thousand
 * runs by trying, 10,000 networks that each try as often as they may (`doors/rates`) need 60 years.
 */
const RUN_ID_LENGTH = 12;

/** Of more runs no browser is told in one list. */
const MOST_KNOWN = 100;

/** Runs that the caller knows of. To know an id is to have the link, so it tells nothing new. */
const knownIn = (text: string): string[] =>
  text
    .split(',')
    .slice(0, MOST_KNOWN)
    .filter(id => idSchema.safeParse(id).success);

/** The origin by which others come, if it may be another one than that of the caller. The port is the caller's. */
function invitation({ INVITE_NAME }: Env, called: string): Pick<RunInfo, 'inviteOrigin'> {
  if (INVITE_NAME === undefined) return {};
  if (URL.canParse(INVITE_NAME)) return { inviteOrigin: new URL(INVITE_NAME).origin };
  const url = new URL(called);
  url.hostname = INVITE_NAME;
  return { inviteOrigin: url.origin };
}

/** To make tables takes a second. A directory that is away holds up no creation for longer. */
const LONGEST_TABLES_MS = 5_000;

/**
 * A new database gets its tables here. The coordinator writes to it several times at once. Each of these would make them, and
 * together they would ask more of D1 than the free plan allows an invocation.
 */
const makeTables = (env: Env): Promise<void> =>
  inTime(withTables(env.DIRECTORY), LONGEST_TABLES_MS).catch(error => console.error('no tables yet', error));

export const runs = new Hono<HonoEnv>()
  .get('/', rated('INFO_RATE'), async c => {
    const wish = {
      archived: c.req.query('archived') !== undefined,
      unlisted: await mayDo(c, 'listAll'),
      known: knownIn(c.req.query('known') ?? ''),
    };
    return c.json({ runs: await listRuns(c.env.DIRECTORY, wish, Date.now()) });
  })
  .post('/', async c => {
    const allowed = await mayCreate(c);
    if (!allowed.ok) return refuse(c, allowed);
    const request = await readJson(c.req.raw, createRunRequestSchema, { maxBytes: MAX_SPEC_BYTES });
    if (!request.ok) return refuse(c, request);
    const { nonce } = request.value;
    const run = nonce ? await deriveId(c.env, 'run', nonce, RUN_ID_LENGTH) : createId(RUN_ID_LENGTH);
    await makeTables(c.env);
    const location = locationNear(c.req.raw.cf);
    const created = await coordinatorOf(c.env, run, location).create(run, request.value, location);
    if (!created.ok) return refuse(c, created);
    noteRun(run);
    return c.json({ run, hostKey: created.value.hostKey }, 201);
  })
  .use('/:run/*', knownRuns)
  .get('/:run', rated('INFO_RATE'), async c => {
    const info = await coordinatorOf(c.env, c.req.param('run')).info();
    return respond(c, info.ok ? accepted({ ...info.value, ...invitation(c.env, c.req.url) }) : info);
  })
  .post('/:run/join', rated('JOIN_RATE'), async c => {
    const request = await readJson(c.req.raw, joinRequestSchema);
    if (!request.ok) return refuse(c, request);
    // Here, whoever joins is told what is missing. The coordinator asks once more, before it stores a volunteer.
    await prepareToSign(c.env);
    // Cloudflare sets it, whatever the caller says.
    const address = c.req.header('cf-connecting-ip');
    const coordinator = coordinatorOf(c.env, c.req.param('run'));
    return respond(
      c,
      await coordinator.join(request.value, bearer(c) || null, address, await isOwner(c)),
      201,
    );
  })
  .get('/:run/versions', async c => {
    const kept = await coordinatorOf(c.env, c.req.param('run')).keptVersions();
    return respond(c, kept.ok ? accepted({ versions: kept.value }) : kept);
  })
  .get('/:run/versions/:version{[0-9]+}', async c =>
    respond(c, await coordinatorOf(c.env, c.req.param('run')).version(Number(c.req.param('version')))),
  )
  .get('/:run/ledger', rated('LEDGER_RATE'), async c => {
    const after = Number(c.req.query('after') ?? 0);
    if (!Number.isSafeInteger(after) || after < 0)
      return refuse(c, refused('malformed', 'after: a sequence number'));
    return respond(c, await coordinatorOf(c.env, c.req.param('run')).ledger(after));
  })
  .route('/', hosting)
  .route('/', events);
