import { encodeUtf8 } from '../../shared/math/utf8.ts';
import { bytesToBase64 } from './base64.ts';
import { layersFile, weightsFile } from './export-model.ts';
import type { ExportedRun } from './export-run.ts';
import { metadataFile } from './model-metadata.ts';
import { NETWORK_ELEMENT } from './network-element.ts';

/** What an export has beside the network itself. */
export interface ExportParts {
  /** `portable-layers.mjs`. */
  readonly layers: string;
  /** The page that the build makes for exports; null if it was not built. */
  readonly page: string | null;
}

/** The page holds the weights in itself. Browsers open pages of more than this slowly, or not at all. */
const MOST_PAGE_BYTES = 100_000_000;

/** The files of an export, by name. The layers come along only if the network needs them. */
export function exportFiles(
  exported: ExportedRun,
  { layers, page }: ExportParts,
): Record<string, Uint8Array> {
  const hasPage = page !== null && exported.weights.length <= MOST_PAGE_BYTES;
  return {
    'model.json': encodeUtf8(exported.modelJson),
    [weightsFile]: exported.weights,
    'model.safetensors': exported.safetensors,
    [metadataFile]: encodeUtf8(`${JSON.stringify(exported.metadata, null, 2)}\n`),
    ...(exported.ownLayers.length > 0 && { [layersFile]: encodeUtf8(layers) }),
    ...(hasPage && { 'index.html': encodeUtf8(fillPage(page, exported)) }),
    'README.txt': encodeUtf8(readMe(exported, hasPage)),
  };
}

/** Where the built page has its network put. */
const PLACE = '<!--network-->';

/** The page with a network in it. Whatever names say, they end no element. */
function fillPage(page: string, { modelJson, metadata, weights }: ExportedRun): string {
  const json = JSON.stringify({ modelJson, metadata, weights: bytesToBase64(weights) });
  const element = `<script type="application/json" id="${NETWORK_ELEMENT}">${json.replaceAll('<', '\\u003c')}</script>`;
  // A function, since `$&` in a text would mean something else.
  return page.replace(PLACE, () => element);
}

const readMe = ({ metadata, ownLayers, warning }: ExportedRun, hasPage: boolean): string => {
  const { name, version, labels = [], output, imageShape: shape } = metadata;
  return `${name ?? 'A network'}, version ${version}, trained with Homeroom.
${warning === null ? '' : `\nWARNING: ${warning}\n`}
It takes a picture of ${shape?.height} x ${shape?.width} x ${shape?.channels} with numbers from 0 to 1,
and puts out ${output} of ${labels.length} classes; metadata.json has their names.
${hasPage ? '\nindex.html       Open it: it classifies, without a server and without the Internet.' : ''}
model.json       For TensorFlow.js: tf.loadLayersModel('model.json').
weights.bin      Its weights.${ownLayers.length === 0 ? '' : `\n${layersFile}       Register ${ownLayers.join(' and ')} from it before you load the model.`}
model.safetensors  The same weights, for Python: safetensors.numpy.load_file('model.safetensors').
metadata.json    Names of the classes, the size of pictures, how drawings look.
`;
};
