import type { Envelopes, KeptUpdate } from '../../shared/cohort/ports.ts';

/** Envelopes that all lie in the cohort's log. Nothing of them is archived. */
export const memoryEnvelopes: Envelopes = {
  read: async ({ lease, place }: KeptUpdate, offset, bytes) => {
    if ('bytes' in place) return place.bytes.subarray(offset, offset + bytes);
    throw new Error(`the envelope of lease ${lease} lies elsewhere`);
  },
  archive: async () => {},
};
