import { encodeSafetensors, type NamedTensor } from '../../shared/codec/safetensors.ts';
import { concatBytes } from '../../shared/math/bytes.ts';
import { parseJsonBytes } from '../../shared/math/utf8.ts';

/** The exported model: tfjs' `model.json` with its weights, and the same weights as safetensors. */
export interface ExportedModel {
  readonly modelJson: string;
  readonly weights: Uint8Array;
  readonly safetensors: Uint8Array;
}

/** Name of the weights file that model.json points to. */
export const weightsFile = 'weights.bin';

/**
 * Writes a trained network as tfjs reads it (`tf.loadLayersModel`): `model.json` with a weights manifest and one binary
 * file; and the same weights as safetensors.
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
  return { modelJson: JSON.stringify(model), weights, safetensors: encodeSafetensors(tensors) };
}
