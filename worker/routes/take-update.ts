import type { LeaseClaims } from '../../shared/protocol/lease.ts';
import { type Result, refused } from '../../shared/protocol/refusals.ts';
import { cohortOf } from '../cohort/cohort-of.ts';
import { envelopeKey } from '../cohort/envelope-key.ts';
import type { Env } from '../env.ts';
import { inTime } from '../in-time.ts';
import { ROW_BYTES } from '../object-calls.ts';
import { bucketInTime } from '../storage/bucket-in-time.ts';
import { bucketOf } from '../storage/bucket-of.ts';
import { findRun } from '../storage/directory.ts';
import { readBody } from './http.ts';
import { passOn } from './pass-on.ts';

/** The directory replies within some milliseconds, or it has failed. */
const LONGEST_LOOK_MS = 5_000;

/**
 * The body of an upload on its way to its cohort. A small one is passed whole. A large one goes straight to the bucket, and the
 * cohort reads it from there: so neither holds it in memory, and whoever sends slowly takes up nobody's time.
 */
export async function takeUpdate(env: Env, claims: LeaseClaims, request: Request): Promise<Result<true>> {
  const { byteAllowance } = claims;
  const stub = stubOf(env, claims);
  const length = request.headers.get('content-length');
  if (Math.min(Number(length ?? byteAllowance), byteAllowance) > ROW_BYTES)
    return takeLarge(env, claims, request, length === null ? null : Number(length));
  const body = await readBody(request, byteAllowance);
  if (body.ok) return stub.accept(claims, body.value);
  await stub.refuse(claims, body, Number(length ?? 0));
  return body;
}

const stubOf = (env: Env, { run, role, cohort, location }: LeaseClaims) =>
  cohortOf(env, run, role, cohort, location);

/** Before a large body is read, it is asked whether anybody wants it. */
async function takeLarge(
  env: Env,
  claims: LeaseClaims,
  { body }: Request,
  bytes: number | null,
): Promise<Result<true>> {
  const stub = stubOf(env, claims);
  const refusal = whyNot(claims, body === null ? null : bytes);
  if (refusal) await stub.refuse(claims, refusal, bytes ?? 0);
  if (refusal || body === null || bytes === null) return refusal ?? refused('malformed');
  const key = envelopeKey(claims);
  try {
    const open = await stub.checkOpen(claims, bytes);
    if (!open.ok) return open;
    await passOn(body, bytes, stream => bucketOf(env).put(key, stream));
    return await stub.acceptStored(claims, key, bytes);
  } catch (error) {
    // [KEY7] The cohort of a run that is deleted is none any more, and the folder may have been emptied before this came.
    if (!(await isDeleted(env, claims.run))) throw error;
    await bucketInTime(bucketOf(env).delete(key));
    return refused('deleted');
  }
}

const isDeleted = async (env: Env, run: string): Promise<boolean> =>
  (await inTime(findRun(env.DIRECTORY, run), LONGEST_LOOK_MS)) === 'deleted';

function whyNot({ byteAllowance }: LeaseClaims, bytes: number | null) {
  if (bytes === null) return refused('malformed', `a body over ${ROW_BYTES} bytes says its content-length`);
  return bytes > byteAllowance ? refused('too-large', `at most ${byteAllowance} bytes`) : null;
}
