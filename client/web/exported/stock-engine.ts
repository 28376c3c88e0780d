import '@tensorflow/tfjs-backend-cpu';
import * as tfc from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import type { Pictures } from '../../../shared/datasets/examples.ts';
import { parseJsonBytes } from '../../../shared/math/utf8.ts';
import { registerLayers } from '../../host/portable-layers.mjs';
import type { Guess } from '../../trainer/trainer-api.ts';
import { exportedModelSchema } from './exported-model-schema.ts';

/** A network that was exported, as its page asks it. */
export interface ExportedNetwork {
  readonly modelJson: string;
  readonly weights: Uint8Array<ArrayBuffer>;
  readonly output: 'logits' | 'probabilities';
}

/**
 * Stock tfjs on the processor, in plain JavaScript: the slowest way, and the one that is right everywhere, without another
 * file. It runs in a thread of its own.
 */
export class StockEngine {
  private model: tfl.LayersModel | null = null;
  private output: ExportedNetwork['output'] = 'logits';

  /** @throws if tfjs cannot read the network */
  async open({ modelJson, weights, output }: ExportedNetwork): Promise<void> {
    tfc.enableProdMode();
    await tfc.setBackend('cpu');
    registerLayers({ ...tfc, ...tfl });
    const { modelTopology, weightsManifest } = exportedModelSchema.parse(
      parseJsonBytes(new TextEncoder().encode(modelJson)),
    );
    const weightSpecs = weightsManifest.flatMap(group => group.weights);
    const files = { modelTopology, weightSpecs, weightData: weights.buffer };
    this.output = output;
    this.model = await tfl.loadLayersModel(tfc.io.fromMemory(files));
  }

  /** All classes with their shares, the likeliest first. */
  predict({ pixels, shape }: Pictures): Guess[] {
    const shares = tfc.tidy(() => {
      const values = Float32Array.from(pixels, value => value / 255);
      const input = tfc.tensor4d(values, [1, shape.height, shape.width, shape.channels]);
      const out = this.model?.predict(input) as tfc.Tensor;
      return (this.output === 'logits' ? tfc.softmax(out) : out).dataSync();
    });
    return Array.from(shares, (share, label) => ({ label, share })).toSorted((a, b) => b.share - a.share);
  }
}
