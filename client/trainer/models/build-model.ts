import { largestMagnitude } from '../../../shared/aggregation/exact-sum.ts';
import { layoutShards, writeShards } from '../../../shared/codec/shard-layout.ts';
import { sha256Hex } from '../../../shared/math/sha256.ts';
import { encodeUtf8, parseJsonBytes } from '../../../shared/math/utf8.ts';
import type { Segment } from '../../../shared/protocol/model-outline.ts';
import { BatchNormalization } from '../layers/batch-normalization.ts';
import type { BuiltModel, ModelRequest } from '../trainer-api.ts';
import { findChannels, type NetworkChannels } from './channel-spaces.ts';
import { cutsFor } from './choose-cuts.ts';
import { type CutSegment, cutGraph, cutModel, describeSegment } from './cut-model.ts';
import { buildHead } from './heads/build-head.ts';
import { averagedLayers, MOMENTUM_DECAY } from './heads/momentum-head.ts';
import { type HostModel, readHostModel } from './host-model.ts';
import { joinHeads, nameBeside } from './join-heads.ts';
import { type ModelGraph, writeTopology } from './model-graph.ts';
import { buildZooModel } from './model-zoo.ts';
import { graphOf, readTopology } from './topology/read-topology.ts';

type Blob = BuiltModel['blobs'][number];

interface WrittenSegment {
  readonly segment: Segment;
  readonly shards: readonly Blob[];
  readonly topology: Blob;
}

/** Which segment it is, and how it relates to the others. */
type Place = Pick<Segment, 'id' | 'kind' | 'of' | 'decay'>;

/**
 * Builds a zoo model with its seed, or reads a host's. Cuts it where the request says, or where it costs least
 * memory. Puts a head on every segment but the last, and writes everything as blobs.
 * @throws if the zoo has no such model, if a host's model cannot be trained, or if the model cannot be cut
 */
export async function buildModel(request: ModelRequest): Promise<BuiltModel> {
  const network = request.files ? await readHostModel(request, request.files) : zooModel(request);
  try {
    const channels = channelsOf(network);
    const written = writeNetwork(request, network, channels);
    const whole = blobOf(encodeUtf8(writeTopology(wholeGraph(request, network, written))));
    return {
      outline: {
        name: request.name,
        inputShape: [...request.inputShape],
        classes: request.classes,
        topology: whole.sha256,
        segments: written.map(({ segment }) => segment),
        ...(channels && { spaces: [...channels.spaces] }),
      },
      cuts: network.cuts,
      shards: Object.fromEntries(written.map(({ segment, shards }) => [segment.id, shards.map(refOf)])),
      notes: network.notes,
      augment: network.augment,
      blobs: eachOnce([whole, ...written.flatMap(({ topology, shards }) => [topology, ...shards])]),
    };
  } finally {
    network.model.dispose();
  }
}

/** Null if no slices of them can be trained: batch norm keeps a mean of every batch, whoever had the channels. */
const channelsOf = ({ model, graph }: HostModel): NetworkChannels | null =>
  graph.layers.some(({ className }) => className === BatchNormalization.className)
    ? null
    : findChannels(model, graph);

function zooModel(request: ModelRequest): HostModel {
  const model = buildZooModel(request);
  const graph = graphOf(model);
  try {
    return { model, graph, cuts: cutsFor(request, model, graph), notes: [], augment: null };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** The network that is exported. It has heads only if the request keeps them. */
function wholeGraph(
  { keepsHeads }: ModelRequest,
  { graph, cuts }: HostModel,
  written: readonly WrittenSegment[],
): ModelGraph {
  if (!keepsHeads) return graph;
  const heads = written.filter(({ segment }) => segment.kind === 'head');
  return joinHeads(
    graph,
    heads.map(({ topology }, i) => ({
      after: cuts[i] ?? '',
      graph: readTopology(parseJsonBytes(topology.bytes)).graph,
    })),
    keepsHeads,
  );
}

/** The body's segments first, then the averages that heads need, then the heads. */
function writeNetwork(
  request: ModelRequest,
  network: HostModel,
  channels: NetworkChannels | null,
): WrittenSegment[] {
  const body = cutModel(network.model, network.graph, network.cuts, channels);
  const averages = request.heads === 'momentum' ? averagesOf(network) : [];
  return [
    ...body.map((cut, i) => writeSegment({ id: `segment-${i + 1}`, kind: 'body' }, cut)),
    ...averages.map((cut, i) =>
      writeSegment(
        { id: `average-${i + 1}`, kind: 'average', of: `segment-${i + 2}`, decay: MOMENTUM_DECAY },
        cut,
      ),
    ),
    ...network.cuts.map((_, i) => writeHead(request, network, body, averages[i] ?? body[i], i)),
  ];
}

/** The first layer behind each cut: a head learns through its average, which begins with the same weights. */
const averagesOf = ({ model, graph, cuts }: HostModel): CutSegment[] =>
  cutGraph(model, graph, cuts)
    .slice(1)
    .map(segment => describeSegment(model, averagedLayers(model, segment)));

/** The head at a cut, built on what its features come from. */
function writeHead(
  { classes, seed, heads = 'linear', keepsHeads = false }: ModelRequest,
  { model, graph, cuts }: HostModel,
  body: readonly CutSegment[],
  before: CutSegment | undefined,
  index: number,
): WrittenSegment {
  const id = `head-${index + 1}`;
  const request = {
    name: nameBeside(graph.layers, id),
    classes,
    seed: seed + 100 * (index + 1),
    featureShape: before?.outputShape ?? [],
    networkMacs: body.reduce((sum, { macs }) => sum + macs, 0),
    addsToOthers: keepsHeads === 'sum' && index > 0,
  };
  const head = buildHead(heads, request, { model, graph, after: cuts[index] ?? '' });
  try {
    const described = describeSegment(head, graphOf(head));
    return writeSegment({ id, kind: 'head', of: `segment-${index + 1}` }, described);
  } finally {
    head.dispose();
  }
}

function writeSegment(place: Place, cut: CutSegment): WrittenSegment {
  const topology = blobOf(encodeUtf8(cut.topology));
  const shards = writeShards(cut.tensors, layoutShards(cut.tensors)).map(blobOf);
  const { layers, macs, activations, channels } = cut;
  const tensors = cut.tensors.map(({ values, shape, ...tensor }) => ({
    ...tensor,
    shape: [...shape],
    ...(tensor.statistic || tensor.frozen ? {} : { peak: largestMagnitude(values) }),
  }));
  const segment = {
    ...place,
    topology: topology.sha256,
    layers: [...layers],
    tensors,
    macs,
    activations,
    ...(channels && { channels }),
  };
  return { segment, shards, topology };
}

const blobOf = (bytes: Uint8Array): Blob => ({ sha256: sha256Hex(bytes), bytes });

/** An average of a whole segment begins as the same blob, which is listed once. */
const eachOnce = (blobs: readonly Blob[]): Blob[] => [
  ...new Map(blobs.map(blob => [blob.sha256, blob])).values(),
];

const refOf = ({ sha256, bytes }: Blob) => ({ sha256, bytes: bytes.length });
