import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ExportedModel, weightsFile } from '../host/export-model.ts';

/** Writes `model.json`, its weights and `model.safetensors` into a folder. */
export async function writeExport(folder: string, model: ExportedModel): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'model.json'), model.modelJson);
  await writeFile(join(folder, weightsFile), model.weights);
  await writeFile(join(folder, 'model.safetensors'), model.safetensors);
}
