import { randomInteger } from '../../../../shared/math/random.ts';
import type { Attack } from '../attack.ts';

/** What a platform refuses, or counts for less. */

export const notFinite: Attack = {
  about: 'sends NaN',
  update: ({ own }) => own.map(() => Number.NaN),
};

export const replay: Attack = {
  about: 'sends the envelope of its first lease again for each of its leases',
  answer: (own, [first]) => ({ ...own, envelope: first?.envelope ?? own.envelope }),
};

/** A volunteer that returns nothing for longer is given no leases for a while. */
const ROUNDS_LATE = 2;

export const stale: Attack = {
  about: `sends each update ${ROUNDS_LATE} rounds late`,
  answer: (_own, earlier) => earlier.at(-ROUNDS_LATE) ?? null,
};

export const staleBase: Attack = {
  about: 'sends what it learnt from version 0 again and again, in new envelopes',
  update: ({ own, earlier: [first] }) => first ?? own,
};

export const malformed: Attack = {
  about: 'sends an envelope with one byte changed, cut short or prolonged',
  answer: ({ grant, envelope }, _earlier, random) => {
    const at = randomInteger(random, envelope.length);
    const kind = randomInteger(random, 3);
    if (kind === 0) return { grant, envelope: envelope.subarray(0, at) };
    const longer = new Uint8Array(envelope.length + (kind === 1 ? 0 : 1));
    longer.set(envelope);
    if (kind === 1) longer[at] = (longer[at] ?? 0) ^ 1;
    return { grant, envelope: longer };
  },
};
