import { expect, it } from 'vitest';
import { channelSpacesSchema, MAX_CHANNELS } from '../../../shared/protocol/channels.ts';

const spaces = (count: number, channels: number) =>
  Array.from({ length: count }, (_, i) => ({ layer: `layer-${i}`, channels, granule: 1 }));

it('an outline has no more channels than can be drawn for every lease, whatever no weight of it has', () => {
  expect(channelSpacesSchema.safeParse(spaces(100, MAX_CHANNELS / 100)).success).toBe(true);
  const parsed = channelSpacesSchema.safeParse(spaces(2_000, 1_000_000));
  expect(parsed.error?.issues.map(({ message }) => message)).toEqual(['has more than 100000 channels']);
});
