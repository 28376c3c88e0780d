import * as z from 'zod';
import { encodeSafetensors, type NamedTensor } from '../../shared/codec/safetensors.ts';
import { concatBytes } from '../../shared/math/bytes.ts';
import { parseJsonBytes } from '../../shared/math/utf8.ts';

/** The exported model: the `model.json` of tfjs with its weights, and the same weights as safetensors. */
export interface ExportedModel {
  readonly modelJson: string;
  readonly weights: Uint8Array;
  readonly safetensors: Uint8Array;
  /** Classes of its layers that tf.layers lacks. Another program registers them first, from `portable-layers.mjs`. */
  readonly ownLayers: readonly string[];
}

/** Name of the weights file that model.json points to. */
export const weightsFile = 'weights.bin';

/** Name of the copy of `portable-layers.mjs` that a model brings if it needs it. */
export const layersFile = 'layers.mjs';

/**
 * Writes a trained network as `tf.loadLayersModel` of tfjs reads it: `model.json` with a weights manifest and one
 * binary file. The same weights are written as safetensors too.
 */
export function exportModel(topology: Uint8Array, tensors: readonly NamedTensor[]): ExportedModel {
  const weights = concatBytes(
    tensors.map(({ values }) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
  );
  const manifest = tensors.map(({ name, shape }) => ({ name, shape, dtype: 'float32' }));
  const model = {
    format: 'layers-model',
    generatedBy: 'Homeroom',
    convertedBy: null,
    modelTopology: parseJsonBytes(topology),
    weightsManifest: [{ paths: [weightsFile], weights: manifest }],
  };
  return {
    modelJson: JSON.stringify(model),
    weights,
    safetensors: encodeSafetensors(tensors),
    ownLayers: ownLayersIn(model.modelTopology),
  };
}

const portableLayers: ReadonlySet<string> = new Set([
  'Bias',
  'GroupedConv2D',
  'GroupNormalization',
  'Resizing',
]);

const topologySchema = z.object({
  config: z.object({ layers: z.array(z.object({ class_name: z.string() })) }),
});

function ownLayersIn(topology: unknown): string[] {
  const layers = topologySchema.safeParse(topology).data?.config.layers ?? [];
  return [...new Set(layers.map(layer => layer.class_name))].filter(name => portableLayers.has(name));
}
