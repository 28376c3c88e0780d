import * as z from 'zod';
import { channelAxisSchema, channelSpacesSchema, segmentChannelsSchema } from './channels.ts';
import { elementsOf } from './elements-of.ts';
import { countSchema, segmentIdSchema, sha256Schema } from './identifiers.ts';
import { listOf, recordOf } from './list-of.ts';
import { statisticSchema } from './statistic.ts';

/** More than any model has. */
export const MAX_SEGMENTS = 64;

/** More than any segment is cut into. */
const MAX_SHARDS = 4_096;

/** The most that an outline says of one segment. */
export const MAX_SEGMENT_LAYERS = 1_000;
export const MAX_SEGMENT_TENSORS = 2_000;

/** What the coordinator and the plans know of a model: names, shapes and costs, never a weight. */
const tensorSchema = z.object({
  name: z.string().min(1).max(200),
  shape: z.array(z.number().int().min(1).max(1_000_000)).max(8),
  /**
   * What it observes; left out if it is learnt. In runs that were made before outlines said it, statistics count as
   * learnt: their updates hold changes of them, in the run's codec.
   */
  statistic: statisticSchema.optional(),
  /**
   * That its layer is not trainable: nothing moves it, so no update carries it, and every version has the first one's
   * value. In runs that were made before outlines said it, updates carry it like any other.
   */
  frozen: z.literal(true).optional(),
  /** The size of its largest value in version 0. Left out of statistics, and in outlines of older releases. */
  peak: z.number().nonnegative().optional(),
  /** Of each axis its channels; null if it is taken whole in every slice, as the whole tensor is if this is left out. */
  axes: listOf(channelAxisSchema.nullable(), { max: 8 }).optional(),
  /** Of a kernel: the multiply-accumulates of each of its weights in a forward pass over one example. */
  uses: countSchema.optional(),
});
export type OutlineTensor = z.infer<typeof tensorSchema>;

export const segmentSchema = z.object({
  id: segmentIdSchema,
  /**
   * A body segment is a link of the chain from input to output. A head hangs on the body segment `of`. An average
   * follows the first layer of the body segment `of`, and stands before the head of the segment before that.
   */
  kind: z.enum(['body', 'head', 'average']),
  of: segmentIdSchema.optional(),
  /** Of an average: what a local step keeps of it. */
  decay: z.number().min(0).max(1).optional(),
  /** Blob of the tf.layers topology JSON of this segment alone. */
  topology: sha256Schema,
  /** Layer class names in order, for the drawing of the network. */
  layers: listOf(z.string().max(60), { max: MAX_SEGMENT_LAYERS }),
  tensors: listOf(tensorSchema, { max: MAX_SEGMENT_TENSORS }),
  /** Multiply-accumulates of one forward pass over one example. */
  macs: countSchema,
  /** Numbers kept for the backward pass of one example. */
  activations: countSchema,
  /** Left out if the outline has no spaces, and of what is no body segment. */
  channels: segmentChannelsSchema.optional(),
});

export const modelOutlineSchema = z.object({
  name: z.string().min(1).max(60),
  inputShape: z.array(z.number().int().min(1).max(4_096)).length(3),
  classes: z.number().int().min(2).max(1_000),
  /**
   * Blob of the topology JSON of the whole network, with the heads that stay and no others: an export is built from it.
   */
  topology: sha256Schema,
  segments: listOf(segmentSchema, { min: 1, max: MAX_SEGMENTS }),
  /** Left out if no slices of the network can be trained, and in outlines of older releases. */
  spaces: channelSpacesSchema.optional(),
});

export type Segment = z.infer<typeof segmentSchema>;
export type ModelOutline = z.infer<typeof modelOutlineSchema>;

export const shardRefSchema = z.object({ sha256: sha256Schema, bytes: countSchema.max(2_000_000) });
export type ShardRef = z.infer<typeof shardRefSchema>;

/** A segment's weights at one moment: `version` is the one in which they last changed. */
export const segmentVersionSchema = z.object({
  version: countSchema,
  shards: listOf(shardRefSchema, { min: 1, max: MAX_SHARDS }),
  /**
   * What the outer optimizer keeps of it from round to round, by slot: a file for each shard, null while all of it is
   * zero. No lease needs them. Left out if the optimizer keeps nothing.
   */
  slots: recordOf(z.string().max(40), listOf(shardRefSchema.nullable(), { max: MAX_SHARDS })).optional(),
});
export type SegmentVersion = z.infer<typeof segmentVersionSchema>;
export type Slots = Readonly<Record<string, readonly (ShardRef | null)[]>>;

/** The whole model at one moment, immutable. */
export const manifestSchema = z.object({
  version: countSchema,
  segments: recordOf(segmentIdSchema, segmentVersionSchema),
});
export type Manifest = z.infer<typeof manifestSchema>;

export const bodySegments = (outline: ModelOutline): Segment[] =>
  outline.segments.filter(s => s.kind === 'body');

export const bodyIds = (outline: ModelOutline): string[] => bodySegments(outline).map(({ id }) => id);

export const headOf = (outline: ModelOutline, id: string): Segment | undefined =>
  outline.segments.find(s => s.kind === 'head' && s.of === id);

/**
 * The moving average of the next segment's first layer that stands before the head of this body segment, if one does.
 */
export function averageOf(outline: ModelOutline, id: string): Segment | undefined {
  const body = bodySegments(outline);
  const next = body[body.findIndex(segment => segment.id === id) + 1];
  return next && outline.segments.find(s => s.kind === 'average' && s.of === next.id);
}

/** @throws if the id is unknown: ids come from a parsed outline, so that is a bug. */
export function segmentById(outline: ModelOutline, id: string): Segment {
  const segment = outline.segments.find(s => s.id === id);
  if (!segment) throw new Error(`model ${outline.name} has no segment ${id}`);
  return segment;
}

/** The tensors that training moves, learnt or observed: what an update carries, in this order. */
export const trainedTensors = ({
  tensors,
}: {
  readonly tensors: readonly OutlineTensor[];
}): OutlineTensor[] => tensors.filter(({ frozen }) => !frozen);

export const parametersOf = (segment: Segment): number =>
  segment.tensors.reduce((sum, tensor) => sum + elementsOf(tensor.shape), 0);

/** Parameters of the body, without any heads. */
export const parametersOfBody = (outline: ModelOutline): number =>
  bodySegments(outline).reduce((sum, segment) => sum + parametersOf(segment), 0);
