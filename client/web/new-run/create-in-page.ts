import { type CreateRunOptions, createRun } from '../../host/create-run.ts';
import { leaseParts } from '../../host/default-spec.ts';
import type { ModelFiles } from '../../trainer/trainer-api.ts';
import { keptDeploymentKey } from '../state/deployment-key.ts';
import { keepHostKey } from '../state/host-keys.ts';
import { platformClient } from '../state/platform-client.ts';
import { formatCount } from '../ui/format.ts';
import { startTrainer, wasmPaths } from '../volunteering/trainer-bridge.ts';
import { newRunWords } from '../words/new-run-words.ts';
import { isReadyMade } from './ready-made.ts';

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

/** What a run is made of. */
export interface CreationChoices
  extends Pick<
    CreateRunOptions,
    'spec' | 'model' | 'cut' | 'holdsBack' | 'augment' | 'joinCode' | 'visibility' | 'deploymentKey'
  > {
  /** A network of the host's own. `model` is then its name. */
  readonly files?: ModelFiles;
}

export interface CreationWatch {
  readonly onProgress: (progress: CreationProgress) => void;
  /** Called once, when the network is built and its first piece is uploaded. */
  readonly onUpload?: () => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Builds the model in a trainer of its own, uploads it and opens the run. The host key stays in this browser.
 * @throws AbortError after the signal. What was uploaded by then belongs to no run, and the platform sweeps it away. A run
 * that was made by then is not open yet, and its key is kept
 */
export async function createInPage(asked: CreationChoices, watch: CreationWatch): Promise<CreatedInPage> {
  const choices = withKeptKey(asked);
  const { signal } = watch;
  signal?.throwIfAborted();
  const { trainer, broken, terminate } = startTrainer();
  const build = async (): Promise<CreatedInPage> => {
    const words = newRunWords();
    watch.onProgress({ text: words.startingTrainer, share: null });
    const [spec] = await Promise.all([hostedSpec(choices), trainer.start({ backend: 'wasm', wasmPaths })]);
    watch.onProgress({ text: words.building, share: null });
    let notes: readonly string[] = [];
    const { run } = await createRun({
      client: platformClient,
      trainer,
      ...choices,
      spec,
      onNotes: told => (notes = told),
      ...tellProgress(watch),
      onCreated: created => {
        keepHostKey(created.run, created.hostKey);
        signal?.throwIfAborted();
      },
    });
    return { run, notes };
  };
  try {
    return await Promise.race([build(), broken, aborted(signal)]);
  } finally {
    terminate();
  }
}

/** Whoever has typed no key may have one kept in this browser. */
function withKeptKey(choices: CreationChoices): CreationChoices {
  const deploymentKey = choices.deploymentKey ?? keptDeploymentKey();
  return deploymentKey === undefined ? choices : { ...choices, deploymentKey };
}

/** A ready-made set is uploaded now. If the platform has its parts already, that costs one look. */
async function hostedSpec({ spec, deploymentKey: key }: CreationChoices): Promise<CreationChoices['spec']> {
  if (!isReadyMade(spec.dataset)) return spec;
  const { hostReadyMade } = await import('../../host/host-ready-made.ts');
  const dataset = await hostReadyMade(platformClient, spec.dataset.name, { key });
  return { ...spec, dataset, training: { ...spec.training, partsPerLease: leaseParts(dataset) } };
}

function tellProgress({ onProgress, onUpload, signal }: CreationWatch) {
  const words = newRunWords();
  let isUploading = false;
  return {
    onMeasure: () => {
      signal?.throwIfAborted();
      onProgress({ text: words.measuring, share: null });
    },
    onProgress: (done: number, total: number) => {
      signal?.throwIfAborted();
      if (!isUploading) onUpload?.();
      isUploading = true;
      onProgress({ text: words.uploading(formatCount(done), formatCount(total)), share: done / total });
    },
  };
}

/** Rejects when the signal aborts. Nothing of the work is waited for: its next step ends it. */
const aborted = (signal: AbortSignal | undefined): Promise<never> =>
  new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason));
  });
