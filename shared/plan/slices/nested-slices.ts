import type { ChannelSlices, ChannelSpace } from '../../protocol/channels.ts';

/** 0.1 × 30 is a little more than 3, and 0.7 × 30 a little less than 21. */
const ROUNDING = 1e-9;

const granulesWithin = (channels: number, granule: number, width: number): number =>
  Math.floor((width * channels) / granule + ROUNDING);

/** The first channels of every space: as many whole granules as the width holds. */
export const nestedSlices = (spaces: readonly ChannelSpace[], width: number): ChannelSlices =>
  spaces.map(({ channels, granule }) => {
    const count = granule === undefined ? channels : granule * granulesWithin(channels, granule, width);
    return { of: channels, spans: [{ first: 0, count }] };
  });

/** Why a width is too narrow for one of the spaces; null if it is not. */
export function whyTooNarrow(spaces: readonly ChannelSpace[], width: number): string | null {
  const bare = spaces.find(
    ({ channels, granule }) => granule !== undefined && granulesWithin(channels, granule, width) === 0,
  );
  return bare
    ? `a width of ${Number(width.toPrecision(3))} leaves ${bare.layer} no channels: it has ${bare.channels}, of which ${bare.granule} belong together`
    : null;
}
