import type { ChannelAxis, ChannelSpace } from '../../protocol/channels.ts';
import { elementsOf } from '../../protocol/elements-of.ts';
import { bodySegments, type ModelOutline, type Segment } from '../../protocol/model-outline.ts';
import { accepted, type Result, refused } from '../../protocol/refusals.ts';

/**
 * The channel spaces of a model of which slices can be trained. Refuses the others, with the reason, and an outline
 * that does not agree with itself: sizes of sliced tensors and their costs are worked out of it.
 */
export function sliceableSpaces(outline: ModelOutline): Result<readonly ChannelSpace[]> {
  const why = whyStatistics(outline) ?? whyNoSpaces(outline) ?? whyUnlike(outline);
  return why === null ? accepted(outline.spaces ?? []) : refused('bad-spec', why);
}

/** A mean of some channels for each width would have to be kept apart from those of the others. */
function whyStatistics(outline: ModelOutline): string | null {
  const observed = bodySegments(outline)
    .flatMap(({ tensors }) => tensors)
    .find(({ statistic }) => statistic !== undefined);
  return observed
    ? `sub-networks wants a network without batch norm, ${outline.name} has ${observed.name}: choose one with group norm`
    : null;
}

function whyNoSpaces({ name, spaces }: ModelOutline): string | null {
  if (!spaces)
    return `the outline of ${name} does not say which channels belong together: build the model with this release`;
  return spaces.some(({ granule }) => granule !== undefined)
    ? null
    : `no layer of ${name} can be sliced: none has channels that only known layers use`;
}

function whyUnlike(outline: ModelOutline): string | null {
  const { spaces = [] } = outline;
  const odd = spaces.find(({ channels, granule = 1 }) => channels % granule !== 0);
  if (odd) return `granules of ${odd.granule} do not divide the ${odd.channels} channels of ${odd.layer}`;
  return bodySegments(outline).reduce<string | null>(
    (why, segment) => why ?? whyOtherShapes(segment, spaces) ?? whyOtherCosts(segment, spaces),
    null,
  );
}

/** Channels of an axis; NaN if it names a space that is not there, which is unlike every size. */
const channelsOf = ({ spaces: places, repeats = 1 }: ChannelAxis, spaces: readonly ChannelSpace[]): number =>
  repeats * places.reduce((sum, place) => sum + (spaces[place]?.channels ?? Number.NaN), 0);

function whyOtherShapes({ id, tensors, channels }: Segment, spaces: readonly ChannelSpace[]): string | null {
  if (!channels) return `${id} does not say which channels it has`;
  if (channels.input && Number.isNaN(channelsOf(channels.input, spaces)))
    return `${id} takes channels that are not there`;
  const odd = tensors.find(({ shape, axes = [] }) =>
    axes.some((axis, i) => axis && channelsOf(axis, spaces) !== shape[i]),
  );
  return odd
    ? `the channels of ${odd.name} are not as many as its shape [${odd.shape.join(' × ')}] says`
    : null;
}

function whyOtherCosts(
  { id, tensors, macs, activations, channels }: Segment,
  spaces: readonly ChannelSpace[],
): string | null {
  const told = tensors.reduce((sum, { uses = 0, shape }) => sum + uses * elementsOf(shape), 0);
  if (told !== macs) return `the weights of ${id} make ${told} multiply-accumulates, not ${macs}`;
  const sliced = (channels?.activations ?? []).reduce(
    (sum, { space, each }) => sum + each * (spaces[space]?.channels ?? Number.NaN),
    0,
  );
  return sliced <= activations
    ? null
    : `the channels of ${id} make ${sliced} activations, and all of it ${activations}`;
}
