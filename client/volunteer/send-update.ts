import { errorText } from '../../shared/protocol/error-text.ts';
import { RefusedError } from '../platform/call-platform.ts';
import type { LeaseResult } from '../trainer/trainer-api.ts';
import type { HeldLease } from './held-lease.ts';
import { isOver } from './open-leases.ts';
import type { Outcome, Sending } from './outbox/outbox.ts';
import type { Work } from './volunteer-options.ts';

/** Begins to send what a lease has made. An update whose lease is over when its turn comes goes nowhere. */
export function sendUpdate(
  { options, identity, residuals, drifts, outbox }: Work,
  { lease, signal }: HeldLease,
  { envelope, residual, drift }: LeaseResult,
): Sending {
  const { client, run } = options;
  const update = {
    ...{ origin: client.origin, run, volunteer: identity.volunteer },
    ...{ lease: lease.id, token: lease.token, envelope: new Uint8Array(envelope) },
    leavings: { ...residuals.leavings(residual), ...drifts.leavings(drift) },
  };
  return outbox.send(update, () => isOver(signal));
}

/**
 * Counts what became of an update. A refusal is final for this update, not for the volunteer; an update that never
 * arrived was not refused.
 */
export function countOutcome(
  { status }: Work,
  { envelope }: Sending['update'],
  { decision, error }: Outcome,
): void {
  const { contributions, bytesUp, refused } = status.now;
  if (decision === 'taken')
    status.set({ contributions: contributions + 1, bytesUp: bytesUp + envelope.length });
  else if (error === null && decision === 'refused')
    status.set({ note: 'the update can count in no round any more' });
  else if (error !== null && decision !== 'open')
    status.set({
      refused: refused + (decision === 'refused' && error instanceof RefusedError ? 1 : 0),
      note: errorText(error),
    });
}
