import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ExportedModel, layersFile, weightsFile } from '../../host/export-model.ts';
import { UsageError } from '../terminal/usage-error.ts';
import { describeFileError } from './describe-file-error.ts';

const portableLayers = new URL('../../host/portable-layers.mjs', import.meta.url);

/**
 * Writes `model.json`, its weights and `model.safetensors` into a folder. If the model has layers that tf.layers lacks,
 * it writes those too.
 * @returns what was written, in words
 * @throws UsageError if it cannot be written
 */
export async function writeExport(folder: string, model: ExportedModel): Promise<string> {
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'model.json'), model.modelJson);
    await writeFile(join(folder, weightsFile), model.weights);
    await writeFile(join(folder, 'model.safetensors'), model.safetensors);
  } catch (error) {
    throw new UsageError(`cannot write to ${folder}: ${describeFileError(error)}`);
  }
  const files = `model.json, ${weightsFile}, model.safetensors`;
  if (model.ownLayers.length === 0) return files;
  await copyFile(portableLayers, join(folder, layersFile));
  return `${files}, and ${layersFile}: register ${model.ownLayers.join(' and ')} from it before tfjs loads the model`;
}
