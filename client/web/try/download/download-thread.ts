import '../../no-eval.ts';
import { expose, transfer } from 'comlink';
import { zipSync } from 'fflate';
import type { Manifest } from '../../../../shared/protocol/model-outline.ts';
import { exportFiles } from '../../../host/export-files.ts';
import { exportRun } from '../../../host/export-run.ts';
import layers from '../../../host/portable-layers.mjs?raw';
import { HomeroomClient } from '../../../platform/homeroom-client.ts';
import { BlobSource } from '../../../volunteer/blob-source.ts';
import { IdbStore } from '../../volunteering/idb-store.ts';
import type { DownloadApi } from './download-api.ts';

/** The cache of this browser's volunteers: what they have downloaded is not downloaded again. */
const cache = new IdbStore('homeroom-blobs');
const client = new HomeroomClient(location.origin, { mend: 'reload the page' });
const blobs = new BlobSource(client, cache, new AbortController().signal);

const api: DownloadApi = {
  make: async (run, version, kind, onProgress) => {
    const info = await client.run(run);
    let [done, total] = [0, 1];
    const counted = {
      version: async (id: string, number: number) => {
        const manifest = await client.version(id, number);
        total += shardsIn(manifest);
        return manifest;
      },
      getBlob: async (sha256: string) => {
        const bytes = await blobs.get(sha256, 'model');
        onProgress(Math.min(++done, total), total);
        return bytes;
      },
    };
    const exported = await exportRun(counted, info, version);
    const bytes =
      kind === 'safetensors' ? exported.safetensors.slice() : zipSync(exportFiles(exported, await parts()));
    return transfer({ bytes, warning: exported.warning }, [bytes.buffer]);
  },
};

const shardsIn = ({ segments }: Manifest): number =>
  Object.values(segments).reduce((sum, { shards }) => sum + shards.length, 0);

/** The page of exports comes from our own platform. Without it, the zip has the other files. */
async function parts() {
  const response = await fetch('/exported-page.txt').catch(() => null);
  return { layers, page: response?.ok ? await response.text() : null };
}

expose(api);
