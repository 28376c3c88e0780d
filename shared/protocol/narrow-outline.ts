import type { ChannelAxis, ChannelSlice, ChannelSlices } from './channels.ts';
import { elementsOf } from './elements-of.ts';
import type { ModelOutline, OutlineTensor, Segment } from './model-outline.ts';

/** Channels along an axis: the first, and how many. */
type Span = ChannelSlice['spans'][number];

/** The channels that a slice has. */
export const keptChannels = ({ spans }: ChannelSlice): number =>
  spans.reduce((sum, { count }) => sum + count, 0);

/** The model as a task with these slices trains it: smaller tensors, and what they cost. The whole one without slices. */
export const narrowOutline = (outline: ModelOutline, slices: ChannelSlices | undefined): ModelOutline =>
  slices
    ? { ...outline, segments: outline.segments.map(segment => narrowSegment(segment, slices)) }
    : outline;

/** What is narrowed of a segment. */
type Narrowed = Readonly<Pick<Segment, 'macs' | 'activations' | 'channels'>> & {
  readonly tensors: readonly OutlineTensor[];
};

/** A segment with these slices of its channels: all of it without slices, or if none of its channels is ever sliced. */
export function narrowSegment<Of extends Narrowed>(segment: Of, slices: ChannelSlices | undefined): Of {
  const { tensors, macs, activations, channels } = segment;
  if (!channels || !slices) return segment;
  const narrowed = tensors.map(tensor => ({ ...tensor, shape: narrowShape(tensor, slices) }));
  const lost = (tensor: OutlineTensor, i: number): number =>
    (tensor.uses ?? 0) * (elementsOf(tensor.shape) - elementsOf(narrowed[i]?.shape ?? []));
  return {
    ...segment,
    tensors: narrowed,
    macs: macs - tensors.reduce((sum, tensor, i) => sum + lost(tensor, i), 0),
    activations: channels.activations.reduce((sum, { space, each }) => {
      const slice = sliceOf(slices, space);
      return sum - each * (slice.of - keptChannels(slice));
    }, activations),
  };
}

/** The sizes that slices leave of a tensor. */
const narrowShape = ({ shape, axes = [] }: OutlineTensor, slices: ChannelSlices): number[] =>
  shape.map((size, i) => {
    const axis = axes[i];
    return axis ? axisSize(axis, slices) : size;
  });

/** How many channels slices leave of an axis. */
export const axisSize = ({ spaces, repeats = 1 }: ChannelAxis, slices: ChannelSlices): number =>
  repeats * spaces.reduce((sum, space) => sum + keptChannels(sliceOf(slices, space)), 0);

/** By axis of a tensor, the spans that slices leave of it, in ascending order. */
export const spansOf = ({ shape, axes = [] }: OutlineTensor, slices: ChannelSlices): (readonly Span[])[] =>
  shape.map((size, i) => {
    const axis = axes[i];
    return axis ? axisSpans(axis, slices) : [{ first: 0, count: size }];
  });

function axisSpans({ spaces, repeats = 1 }: ChannelAxis, slices: ChannelSlices): Span[] {
  const found: Span[] = [];
  let start = 0;
  for (let repeat = 0; repeat < repeats; repeat++)
    for (const space of spaces) {
      const { of, spans } = sliceOf(slices, space);
      for (const { first, count } of spans) found.push({ first: start + first, count });
      start += of;
    }
  return found;
}

/** @throws if the slices are of another outline: the plan makes them of the run's own */
function sliceOf(slices: ChannelSlices, space: number): ChannelSlice {
  const slice = slices[space];
  if (!slice) throw new Error(`there is no slice of channel space ${space}`);
  return slice;
}
