import { type ModelOutline, modelOutlineSchema } from '../../../shared/protocol/model-outline.ts';

const topology = '0'.repeat(64);

function segment(id: string, kind: 'body' | 'head' | 'average', parameters: number, macs: number) {
  return {
    id,
    kind,
    topology,
    layers: ['Dense'],
    tensors: [{ name: `${id}/kernel`, shape: [parameters] }],
    macs,
    activations: macs / 10,
  };
}

/** A body segment whose parameters are the channels of a space, each used ten times. */
const sliceable = (body: ReturnType<typeof segment>, space: number) => ({
  ...body,
  tensors: body.tensors.map(tensor => ({ ...tensor, axes: [{ spaces: [space] }], uses: 10 })),
  channels: {
    input: space === 0 ? null : { spaces: [space - 1] },
    activations: [{ space, each: 1 }],
  },
});

/**
 * So many body segments, a head on each but the last and, where wanted, the average before it. The costs of the k-th are k
 * times those of the first: body 100 parameters, 1,000 MACs; head 7, 30; average of the k-th 3, 10; a tenth of the MACs are
 * activations. Every parameter of the body is a channel that can be sliced.
 */
export function chainOutline(count: number, change: { averages?: boolean } = {}): ModelOutline {
  const { averages = false } = change;
  const segments = Array.from({ length: count }, (_, i) => i + 1).flatMap(k => [
    ...(averages && k > 1
      ? [{ ...segment(`average-${k}`, 'average', 3 * k, 10 * k), of: `segment-${k}`, decay: 0.995 }]
      : []),
    sliceable(segment(`segment-${k}`, 'body', 100 * k, 1_000 * k), k - 1),
    ...(k < count ? [{ ...segment(`head-${k}`, 'head', 7 * k, 30 * k), of: `segment-${k}` }] : []),
  ]);
  return modelOutlineSchema.parse({
    name: `chain-${count}`,
    inputShape: [28, 28, 1],
    classes: 10,
    topology,
    segments,
    spaces: Array.from({ length: count }, (_, i) => ({
      layer: `layer-${i + 1}`,
      channels: 100 * (i + 1),
      granule: 1,
    })),
  });
}

export const without = (outline: ModelOutline, id: string): ModelOutline => ({
  ...outline,
  segments: outline.segments.filter(s => s.id !== id),
});
