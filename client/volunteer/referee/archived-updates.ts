import { openEnvelope } from '../../../shared/codec/envelope.ts';
import type { Envelopes } from '../../../shared/cohort/ports.ts';
import type { Role } from '../../../shared/protocol/identifiers.ts';
import type { Archives } from '../../../shared/replay/ports.ts';
import { rest } from '../../platform/rest.ts';
import type { AskedUpdates } from './run-check.ts';

/** A round is archived about a second after it has folded. */
const LOOK_AGAIN_MS = 500;

/** Encoded updates of a role that are held at once: those of a small round, which statistics cannot defend. */
const MOST_BYTES = 500_000_000;

/**
 * [CHECK7] The updates of a role in a round, out of its archive, as they came.
 * @param leases of the updates that must be there
 * @throws if they are more than fit, or if the signal is aborted before all are archived
 */
export async function archivedUpdates(
  archives: Archives,
  { role, round, leases }: AskedUpdates,
  signal: AbortSignal,
): Promise<Pick<Envelopes, 'read'>> {
  for (;;) {
    const held = await readAll(archives, role, round, new Set(leases));
    if (held.size === leases.length) return { read: readerOf(held) };
    await rest(LOOK_AGAIN_MS, signal);
    signal.throwIfAborted();
  }
}

async function readAll(
  archives: Archives,
  role: Role,
  round: number,
  wanted: ReadonlySet<string>,
): Promise<Map<string, Uint8Array>> {
  const held = new Map<string, Uint8Array>();
  let bytes = 0;
  for await (const envelope of archives.envelopes(role, round)) {
    const opened = openEnvelope(envelope);
    if (!opened.ok || !wanted.has(opened.value.lease)) continue;
    bytes += envelope.length;
    if (bytes > MOST_BYTES)
      throw new Error(`the updates of ${role} are too many for this device to tell apart`);
    held.set(opened.value.lease, envelope);
  }
  return held;
}

const readerOf =
  (held: ReadonlyMap<string, Uint8Array>): Envelopes['read'] =>
  async ({ lease }, offset, bytes) => {
    const envelope = held.get(lease);
    if (!envelope) throw new Error(`the update of lease ${lease} is not held`);
    return envelope.subarray(offset, offset + bytes);
  };
