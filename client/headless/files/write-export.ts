import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportFiles } from '../../host/export-files.ts';
import { layersFile } from '../../host/export-model.ts';
import type { ExportedRun } from '../../host/export-run.ts';
import { packageRoot } from '../package-root.ts';
import { UsageError } from '../terminal/usage-error.ts';
import { describeFileError } from './describe-file-error.ts';
import { makeFolder } from './make-folder.ts';

const portableLayers = new URL('../../host/portable-layers.mjs', import.meta.url);

/** The page that classifies. It is there if the pages were built. */
const pageFile = join(packageRoot, 'dist/web/exported-page.txt');

/**
 * Writes a network with all that comes along into a folder (`exportFiles`).
 * @returns what was written, in words
 * @throws UsageError if it cannot be written
 */
export async function writeExport(folder: string, exported: ExportedRun): Promise<string> {
  const layers = await readFile(portableLayers, 'utf8');
  const page = await readFile(pageFile, 'utf8').catch(() => null);
  const files = exportFiles(exported, { layers, page });
  try {
    makeFolder(folder);
    for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
  } catch (error) {
    throw new UsageError(`cannot write to ${folder}: ${describeFileError(error)}`);
  }
  const names = Object.keys(files).filter(name => name !== layersFile);
  const written = names.join(', ');
  const { ownLayers } = exported;
  if (ownLayers.length === 0) return written;
  return `${written}, and ${layersFile}: register ${ownLayers.join(' and ')} from it before tfjs loads the model`;
}
