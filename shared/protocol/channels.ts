import * as z from 'zod';
import { countSchema } from './identifiers.ts';
import { listOf } from './list-of.ts';

/** What an outline says of channels, so that a task can name slices of them (shared/plan/README.md, "Slices"). */

/** More than any network has that is described here. One with more cannot be sliced. */
export const MAX_SPACES = 2_000;
export const MAX_AXIS_SPACES = 500;
/** Of all spaces together. Shares of them are drawn anew for every lease. */
export const MAX_CHANNELS = 100_000;

const size = z.number().int().min(1).max(1_000_000);

/**
 * A set of channels of which every slice takes the same ones, wherever they occur: the output of a convolution, its
 * bias and norm, and the input of the next. Sums tie the channels of what they add together.
 */
const channelSpaceSchema = z.object({
  /** The layer that puts them out, for people. */
  layer: z.string().min(1).max(200),
  channels: size,
  /**
   * Slices are whole granules of so many channels, because a norm or a grouped convolution groups them. Left out if the
   * channels are never sliced: the pixels', the classes, and those of layers that mix them.
   */
  granule: size.optional(),
});
export type ChannelSpace = z.infer<typeof channelSpaceSchema>;
export const channelSpacesSchema = listOf(channelSpaceSchema, { min: 1, max: MAX_SPACES }).refine(
  spaces => channelsIn(spaces) <= MAX_CHANNELS,
  `has more than ${MAX_CHANNELS} channels`,
);

/** Of all these spaces. */
export const channelsIn = (spaces: readonly ChannelSpace[]): number =>
  spaces.reduce((sum, { channels }) => sum + channels, 0);

/** A space by its place in the outline. */
const placeSchema = countSchema.max(MAX_SPACES - 1);

/**
 * An axis that counts channels: these spaces one after another, as a concatenation makes them. `repeats`: all of them
 * again for every position that a flattening turned into channels; once if it is left out.
 */
export const channelAxisSchema = z.object({
  spaces: listOf(placeSchema, { min: 1, max: MAX_AXIS_SPACES }),
  repeats: size.optional(),
});
export type ChannelAxis = z.infer<typeof channelAxisSchema>;

/** Of a segment: what comes in, and how many of its activations each channel of a space makes. */
export const segmentChannelsSchema = z.object({
  input: channelAxisSchema.nullable(),
  activations: listOf(z.object({ space: placeSchema, each: countSchema }), { max: MAX_SPACES }),
});
export type SegmentChannels = z.infer<typeof segmentChannelsSchema>;

/** Channels from the first one on, so many. */
const spanSchema = z.object({ first: countSchema, count: size });

/** Which channels of a space a task has, in ascending spans, and how many the space has. */
const sliceSchema = z.object({ of: size, spans: listOf(spanSchema, { min: 1 }) });
export type ChannelSlice = z.infer<typeof sliceSchema>;

/** One slice for each space of the outline, in its order. */
export const slicesSchema = listOf(sliceSchema, { min: 1, max: MAX_SPACES });
export type ChannelSlices = z.infer<typeof slicesSchema>;
