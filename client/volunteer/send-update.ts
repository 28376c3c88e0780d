import { backoffMs } from '../platform/backoff.ts';
import { isPassing, RefusedError } from '../platform/call-platform.ts';
import type { HomeroomClient } from '../platform/homeroom-client.ts';
import { rest } from '../platform/rest.ts';
import type { LeaseResult } from '../trainer/trainer-api.ts';
import type { HeldLease } from './held-lease.ts';
import type { Work } from './volunteer-options.ts';

/**
 * Uploads an update, and counts what became of it. A refusal is final for this update, not for the volunteer; an update
 * that never arrived was not refused. Never rejects, for it runs beside the next lease.
 * @returns whether the platform took it
 */
export async function sendUpdate(
  { options, status }: Work,
  held: HeldLease,
  { envelope }: LeaseResult,
): Promise<boolean> {
  try {
    await upload(options.client, options.run, held, new Uint8Array(envelope));
    status.set({
      contributions: status.now.contributions + 1,
      bytesUp: status.now.bytesUp + envelope.length,
    });
    return true;
  } catch (error) {
    status.set({
      refused: status.now.refused + (error instanceof RefusedError && !isPassing(error) ? 1 : 0),
      note: error instanceof Error ? error.message : String(error),
    });
    return false;
  }
}

const UPLOAD_ATTEMPTS = 4;

/**
 * Sends again if the platform was away or busy, until the lease's time is up: the platform tells a repeated update from a
 * new one, and refuses a late one.
 */
async function upload(
  client: HomeroomClient,
  run: string,
  { lease, endsAt }: Pick<HeldLease, 'lease' | 'endsAt'>,
  envelope: Uint8Array<ArrayBuffer>,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await client.putUpdate(run, lease.id, lease.token, envelope);
    } catch (error) {
      if (attempt > 1 && error instanceof RefusedError && error.reason === 'duplicate') return;
      const isLast = attempt === UPLOAD_ATTEMPTS || performance.now() >= endsAt;
      if (!isPassing(error) || isLast) throw error;
      await rest(backoffMs(attempt, client.limits.callRetry, Math.random()));
    }
  }
}
