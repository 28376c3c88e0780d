import { layoutShards, writeShards } from '../../../../shared/codec/shard-layout.ts';
import { createRandom, randomNormal } from '../../../../shared/math/random.ts';
import { sha256Hex } from '../../../../shared/math/sha256.ts';
import { encodeUtf8 } from '../../../../shared/math/utf8.ts';
import { elementsOf } from '../../../../shared/protocol/elements-of.ts';
import type {
  ModelOutline,
  OutlineTensor,
  Segment,
  ShardRef,
} from '../../../../shared/protocol/model-outline.ts';

/** A matrix, a bias and perhaps ReLU. The matrix is row-major, a row for each input. */
export interface DenseLayer {
  readonly inputs: number;
  readonly outputs: number;
  readonly hasRelu: boolean;
}

/** What a segment computes, and which of its arrays are whose: kernel and bias of each layer in turn. */
export interface DenseSegment {
  readonly id: string;
  readonly layers: readonly DenseLayer[];
}

/** A network small enough that a loop in plain code trains it in milliseconds, cut as the platform cuts networks. */
export interface DenseNetwork {
  readonly outline: ModelOutline;
  readonly segments: ReadonlyMap<string, DenseSegment>;
}

/** Units behind the first layer, where the network is cut, and behind the second. */
const CUT = 32;
const HIDDEN = 24;

const topology = encodeUtf8('{"dense":true}');

/** Two body segments and the head of the first: what every plan that is compared needs at least. */
export function denseNetwork(side: number, classes: number): DenseNetwork {
  const [first, head, last]: readonly DenseSegment[] = [
    { id: 'segment-1', layers: [dense(side * side, CUT, true)] },
    { id: 'head-1', layers: [dense(CUT, classes, false)] },
    { id: 'segment-2', layers: [dense(CUT, HIDDEN, true), dense(HIDDEN, classes, false)] },
  ];
  if (!first || !head || !last) throw new Error('the network has three segments');
  const outline: ModelOutline = {
    ...{ name: 'dense', inputShape: [side, side, 1], classes, topology: sha256Hex(topology) },
    segments: [outlined(first, 'body'), { ...outlined(head, 'head'), of: first.id }, outlined(last, 'body')],
  };
  return { outline, segments: new Map([first, head, last].map(segment => [segment.id, segment])) };
}

const dense = (inputs: number, outputs: number, hasRelu: boolean): DenseLayer => ({
  inputs,
  outputs,
  hasRelu,
});

const outlined = ({ id, layers }: DenseSegment, kind: 'body' | 'head'): Segment => ({
  ...{ id, kind, layers: layers.map(() => 'Dense'), tensors: tensorsOf(id, layers) },
  topology: sha256Hex(topology),
  macs: layers.reduce((sum, { inputs, outputs }) => sum + inputs * outputs, 0),
  activations: layers.reduce((sum, { outputs }) => sum + outputs, 0),
});

const tensorsOf = (id: string, layers: readonly DenseLayer[]): OutlineTensor[] =>
  layers.flatMap(({ inputs, outputs }, i) => [
    { name: `${id}/dense-${i + 1}/kernel`, shape: [inputs, outputs] },
    { name: `${id}/dense-${i + 1}/bias`, shape: [outputs] },
  ]);

/** Version 0: He et al.'s normal weights (arXiv 1502.01852, section 2.2) from the seed, and biases of zero. */
export function firstWeights({ outline }: DenseNetwork, seed: number) {
  const files = outline.segments.map(({ id, tensors }) => {
    const filled = tensors.map(tensor => ({ ...tensor, values: firstValues(tensor, seed) }));
    return [id, writeShards(filled, layoutShards(filled))] as const;
  });
  return {
    shards: Object.fromEntries(files.map(([id, shards]) => [id, shards.map(referTo)])),
    blobs: files.flatMap(([, shards]) => shards.map(bytes => ({ bytes }))),
  };
}

function firstValues({ name, shape }: OutlineTensor, seed: number): Float32Array {
  const [inputs = 1] = shape;
  if (shape.length === 1) return new Float32Array(elementsOf(shape));
  const random = createRandom('attacks-weights', seed, name);
  const deviation = Math.sqrt(2 / inputs);
  return Float32Array.from({ length: elementsOf(shape) }, () => deviation * randomNormal(random));
}

const referTo = (bytes: Uint8Array): ShardRef => ({ sha256: sha256Hex(bytes), bytes: bytes.length });
