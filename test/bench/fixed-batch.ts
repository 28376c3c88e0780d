import type * as tfl from '@tensorflow/tfjs-layers';
import { WorkPace } from '../../client/trainer/lease/work-pace.ts';
import { layerMacs } from '../../client/trainer/models/layer-cost.ts';
import { buildZooModel } from '../../client/trainer/models/model-zoo.ts';
import type { LeaseJob, ModelRequest } from '../../client/trainer/trainer-api.ts';
import { trainSegment } from '../../client/trainer/training/train-segment.ts';
import type { Examples } from '../../shared/datasets/examples.ts';
import { createRandom, randomInteger } from '../../shared/math/random.ts';
import { elementsOf } from '../../shared/protocol/elements-of.ts';
import { pixelsPerImage } from '../../shared/protocol/part-size.ts';
import type { LoadedModel, Ran } from './side.ts';

/** Small, so that the loss falls from the first step on, in any model. */
const LEARNING_RATE = 0.001;
const SEGMENT = 'segment-1';

/** One model and one batch of random pictures, trained like a lease: the same loop, loss and optimizer. */
export class FixedBatch {
  private readonly model: tfl.LayersModel;
  private readonly batch: number;
  private readonly pictures: Examples;

  constructor(request: ModelRequest, batch: number) {
    this.model = buildZooModel(request);
    this.batch = batch;
    this.pictures = randomPictures(request, batch);
  }

  describe(): LoadedModel {
    return {
      parameters: sum(
        this.model.trainableWeights.map(({ shape }) => elementsOf(shape.map(size => size ?? 1))),
      ),
      macs: sum(this.model.layers.map(layerMacs)),
    };
  }

  /**
   * One pass over `steps` copies of the batch. Epochs of one batch each would read the loss back at every step, which
   * no lease does.
   */
  async run(steps: number): Promise<Ran> {
    const examples = repeatPictures(this.pictures, steps);
    const loaded = { [SEGMENT]: { model: this.model, start: [], variables: [] } };
    const startMs = performance.now();
    const { loss } = await trainSegment(this.job(), loaded, examples, new WorkPace(examples.labels.length));
    return { seconds: (performance.now() - startMs) / 1_000, loss };
  }

  dispose(): void {
    this.model.dispose();
  }

  private job(): LeaseJob {
    return {
      lease: 'bench',
      task: {
        role: 'whole',
        frozen: [],
        views: 1,
        path: [SEGMENT],
        isolated: false,
        exits: [{ after: SEGMENT, through: [], labelWeight: 1, distils: [] }],
        trains: [SEGMENT],
        epochs: 1,
        schedule: { rate: LEARNING_RATE, from: 0, to: 0, ends: {} },
      },
      segments: {},
      examples: { kind: 'parts', hashes: [], files: [] },
      batch: this.batch,
      microBatch: this.batch,
      momentum: 0.9,
      weightDecay: 5e-4,
      augment: 'none',
      seed: 1,
      codec: { name: 'f32' },
      classes: this.pictures.classes,
      downloadBytes: 0,
    };
  }
}

function randomPictures({ inputShape, classes, seed }: ModelRequest, count: number): Examples {
  const [height, width, channels] = inputShape;
  const shape = { height, width, channels };
  const random = createRandom('bench-pictures', seed);
  return {
    shape,
    classes,
    labels: Uint8Array.from({ length: count }, (_, i) => i % classes),
    pixels: Uint8Array.from({ length: count * pixelsPerImage(shape) }, () => randomInteger(random, 256)),
  };
}

const repeatPictures = (pictures: Examples, times: number): Examples => ({
  ...pictures,
  labels: repeat(pictures.labels, times),
  pixels: repeat(pictures.pixels, times),
});

function repeat(bytes: Uint8Array, times: number): Uint8Array {
  const repeated = new Uint8Array(bytes.length * times);
  for (let i = 0; i < times; i++) repeated.set(bytes, i * bytes.length);
  return repeated;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
