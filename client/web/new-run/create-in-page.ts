import { createRun } from '../../host/create-run.ts';
import { keepHostKey } from '../state/host-keys.ts';
import { platformClient } from '../state/platform-client.ts';
import { startTrainer, wasmPaths } from '../volunteering/trainer-bridge.ts';
import type { FormReading } from './read-new-run-form.ts';
import { readOwnModel } from './read-own-model.ts';

export interface CreationProgress {
  readonly text: string;
  /** The share of the blobs that is uploaded. Null while it is not known. */
  readonly share: number | null;
}

export interface CreatedInPage {
  readonly run: string;
  /** What was changed about the host's own network, in words for its owner. */
  readonly notes: readonly string[];
}

/** Builds the model in a trainer of its own, uploads it and opens the run. The host key stays in this browser. */
export async function createInPage(
  reading: Extract<FormReading, { ok: true }>,
  onProgress: (progress: CreationProgress) => void,
): Promise<CreatedInPage> {
  const { trainer, broken, terminate } = startTrainer();
  const { ok: _, ownModel, ...choices } = reading;
  const build = async (): Promise<CreatedInPage> => {
    const own = ownModel.length > 0 ? await readOwnModel(ownModel) : {};
    onProgress({ text: 'Starting the trainer…', share: null });
    await trainer.start({ backend: 'wasm', wasmPaths });
    onProgress({ text: 'Building the network…', share: null });
    let notes: readonly string[] = [];
    const { run } = await createRun({
      client: platformClient,
      trainer,
      ...choices,
      ...own,
      onNotes: told => (notes = told),
      onMeasure: () => onProgress({ text: 'Training a little, to know how long updates are…', share: null }),
      onProgress: (done, total) =>
        onProgress({
          text: `Uploading it: ${done} of ${total} pieces`,
          share: done / total,
        }),
      onCreated: created => keepHostKey(created.run, created.hostKey),
    });
    return { run, notes };
  };
  try {
    return await Promise.race([build(), broken]);
  } finally {
    terminate();
  }
}
