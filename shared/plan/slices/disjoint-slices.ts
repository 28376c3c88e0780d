import { createRandom, shuffled } from '../../math/random.ts';
import type { ChannelSlice, ChannelSlices, ChannelSpace } from '../../protocol/channels.ts';

/** What the shares of a round are drawn from. */
export interface Draw {
  /** Of the run. Null: no share is drawn, they lie side by side in every round. */
  readonly seed: number | null;
  readonly round: number;
}

/**
 * So many shares of the channels, of which no two have one in common and which have all of them together. Every space is
 * shuffled anew each round. Channels that are never sliced are in all shares.
 */
export function disjointSlices(
  spaces: readonly ChannelSpace[],
  shares: number,
  { seed, round }: Draw,
): ChannelSlices[] {
  if (seed === null) return sideBySide(spaces, shares);
  const random = createRandom('slices', seed, round);
  const dealt = spaces.map(({ channels, granule }) =>
    granule === undefined ? null : shuffled(random, [...Array(channels / granule).keys()]),
  );
  return Array.from({ length: shares }, (_, share) =>
    spaces.map((space, place) => shareOf(space, dealt[place] ?? null, share, shares)),
  );
}

const sideBySide = (spaces: readonly ChannelSpace[], shares: number): ChannelSlices[] =>
  Array.from({ length: shares }, (_, share) =>
    spaces.map(({ channels, granule }) => {
      const count = granule === undefined ? channels : channels / shares;
      return { of: channels, spans: [{ first: granule === undefined ? 0 : share * count, count }] };
    }),
  );

/** @param granules the shuffled ones; null if all channels are in every share */
function shareOf(
  { channels, granule = 1 }: ChannelSpace,
  granules: readonly number[] | null,
  share: number,
  shares: number,
): ChannelSlice {
  if (!granules) return { of: channels, spans: [{ first: 0, count: channels }] };
  const count = granules.length / shares;
  const own = granules.slice(share * count, (share + 1) * count).toSorted((a, b) => a - b);
  const spans: ChannelSlice['spans'] = [];
  for (const place of own) {
    const last = spans.at(-1);
    if (last && last.first + last.count === place * granule) last.count += granule;
    else spans.push({ first: place * granule, count: granule });
  }
  return { of: channels, spans };
}

/** Why the channels cannot be dealt evenly; null if they can. */
export function whyNotDealt(spaces: readonly ChannelSpace[], shares: number): string | null {
  const uneven = spaces.find(
    ({ channels, granule }) => granule !== undefined && (channels / granule) % shares !== 0,
  );
  if (!uneven) return null;
  const { layer, channels, granule = 1 } = uneven;
  const bound = granule > 1 ? `, of which ${granule} belong together` : '';
  return `${shares} equal shares of the channels of ${layer} are not possible: it has ${channels}${bound}`;
}
