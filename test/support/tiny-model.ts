import type { NamedTensor, TensorSpec } from '../../shared/codec/safetensors.ts';
import { encodeSafetensors } from '../../shared/codec/safetensors.ts';
import { elementCount, layoutShards, writeShards } from '../../shared/codec/shard-layout.ts';
import { sha256Hex } from '../../shared/math/sha256.ts';
import { encodeUtf8 } from '../../shared/math/utf8.ts';
import type { ModelOutline, Segment, ShardRef } from '../../shared/protocol/model-outline.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** The change of one value: a function of the tensor's name and the element's index. */
export type Change = (tensor: string, index: number) => number;

/** A model by hand that no library has to build: two body segments and a head, weights that are small exact fractions. */
export interface TinyModel {
  readonly outline: ModelOutline;
  readonly weights: Readonly<Record<string, readonly NamedTensor[]>>;
  readonly shards: Readonly<Record<string, readonly ShardRef[]>>;
  readonly blobs: readonly { readonly sha256: string; readonly bytes: Bytes }[];
}

interface TinyOptions {
  /** Of a moving average of the teacher's kernel, where there is to be one. */
  readonly decay?: number;
  /** Whether a third segment with a head stands between the two. */
  readonly hasMiddle?: boolean;
  /** Whether the teacher has a layer of batch norm between its kernel and its bias. */
  readonly hasNorm?: boolean;
  /** Names of tensors whose layer is not trainable. */
  readonly frozen?: readonly string[];
}

/** @param kernel shape of the teacher's kernel: a large one makes several shards */
export function createTinyModel(kernel: readonly number[] = [3, 10], options: TinyOptions = {}): TinyModel {
  const outline = outlineOf(kernel, options);
  const weights = Object.fromEntries(
    outline.segments.map(({ id, tensors }) => [id, tensors.map(withWeights)]),
  );
  const files = Object.entries(weights).map(([id, tensors]) => [id, filesOf(tensors)] as const);
  const bytes = [topology, ...files.flatMap(([, list]) => list)];
  return {
    outline,
    weights,
    shards: Object.fromEntries(files.map(([id, list]) => [id, list.map(referTo)])),
    blobs: bytes.map(blob => ({ sha256: sha256Hex(blob), bytes: blob })),
  };
}

/** Shards of a segment after this change of every weight, by the same layout. */
export const changedShards = (model: TinyModel, segment: string, change: Change): ShardRef[] =>
  filesOf((model.weights[segment] ?? []).map(tensor => changed(tensor, change))).map(referTo);

const topology = encodeUtf8('{"tiny":true}');

function outlineOf(
  kernel: readonly number[],
  { decay, hasMiddle = false, hasNorm = false, frozen = [] }: TinyOptions,
): ModelOutline {
  const common = { topology: sha256Hex(topology), macs: 60, activations: 20 };
  const segment = (id: string, tensors: Segment['tensors']): Segment => ({
    id,
    kind: 'body',
    layers: ['Dense'],
    tensors: tensors.map(tensor => (frozen.includes(tensor.name) ? { ...tensor, frozen: true } : tensor)),
    ...common,
  });
  const middle: Segment[] = [
    segment('middle', [{ name: 'm/kernel', shape: [3, 3] }]),
    { ...segment('head-middle', [{ name: 'hm/kernel', shape: [3, 2] }]), kind: 'head', of: 'middle' },
  ];
  const s2 = { name: 's2/kernel', shape: [...kernel] };
  const s2Bias = { name: 's2/bias', shape: [10] };
  const norm: Segment['tensors'] = [
    { name: 'norm/moving_mean', shape: [4], statistic: 'mean' },
    { name: 'norm/moving_variance', shape: [4], statistic: 'variance' },
  ];
  const average = { ...segment('average-2', [s2]), kind: 'average' as const, of: 'segment-2' };
  return {
    name: 'tiny',
    inputShape: [28, 28, 1],
    classes: 10,
    topology: sha256Hex(topology),
    segments: [
      segment('segment-1', [
        { name: 's1/kernel', shape: [2, 3] },
        { name: 's1/bias', shape: [3] },
      ]),
      { ...segment('head-1', [{ name: 'h1/kernel', shape: [3, 2] }]), kind: 'head', of: 'segment-1' },
      ...(hasMiddle ? middle : []),
      // The bias first, so that the average of the kernel alone is cut into shards at other places.
      segment('segment-2', decay === undefined ? [s2, ...(hasNorm ? norm : []), s2Bias] : [s2Bias, s2]),
      ...(decay === undefined ? [] : [{ ...average, decay }]),
    ],
  };
}

/** Eighths between -3/8 and 3/8. */
const withWeights = (spec: TensorSpec): NamedTensor => ({
  ...spec,
  values: Float32Array.from({ length: elementCount(spec) }, (_, i) => ((i % 7) - 3) / 8),
});

const changed = (tensor: NamedTensor, change: Change): NamedTensor => ({
  ...tensor,
  values: tensor.values.map((value, i) => value + change(tensor.name, i)),
});

const filesOf = (tensors: readonly NamedTensor[]): Bytes[] =>
  layoutShards(tensors).length === 1
    ? [encodeSafetensors(tensors)]
    : writeShards(tensors, layoutShards(tensors));

const referTo = (bytes: Uint8Array): ShardRef => ({ sha256: sha256Hex(bytes), bytes: bytes.length });
