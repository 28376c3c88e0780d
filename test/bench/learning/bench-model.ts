import { buildModel } from '../../../client/trainer/models/build-model.ts';
import type { BuiltModel, SegmentFiles } from '../../../client/trainer/trainer-api.ts';
import type { Examples } from '../../../shared/datasets/examples.ts';
import { networkFor } from '../../../shared/plan/plan-tasks.ts';
import type { Arm } from './learning-run.ts';

/** The run's model. At one seed its body has the same weights with any plan, cut and heads. */
export const buildFor = (
  { model, plan, segments, cuts, heads }: Arm,
  { shape, classes }: Pick<Examples, 'shape' | 'classes'>,
  seed: number,
): Promise<BuiltModel> =>
  buildModel({
    name: model,
    inputShape: [shape.height, shape.width, shape.channels],
    classes,
    seed,
    ...networkFor(plan),
    ...(heads === null ? {} : { heads }),
    ...(segments === null ? {} : { segments }),
    ...(cuts === null ? {} : { cuts }),
  });

/** The files of every segment, from the blobs that were built. */
export function filesOf({ outline, shards, blobs }: BuiltModel): Record<string, SegmentFiles> {
  const byHash = new Map(blobs.map(({ sha256, bytes }) => [sha256, bytes]));
  const blob = (sha256: string): Uint8Array => {
    const bytes = byHash.get(sha256);
    if (!bytes) throw new Error(`the model was built without its blob ${sha256}`);
    return bytes;
  };
  return Object.fromEntries(
    outline.segments.map(({ id, topology, tensors, macs, activations }) => [
      id,
      {
        topologyHash: topology,
        topology: blob(topology),
        tensors,
        macs,
        activations,
        shards: (shards[id] ?? []).map(({ sha256 }) => blob(sha256)),
      },
    ]),
  );
}
