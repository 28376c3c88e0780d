import { readyMadeSets } from '../../../shared/datasets/ready-made/ready-made-sets.ts';
import type { HostedDataset } from '../../../shared/protocol/dataset.ts';
import { refusals } from '../../../shared/protocol/refusals.ts';
import { type CreateRunOptions, createRun } from '../../host/create-run.ts';
import { leaseParts } from '../../host/default-spec.ts';
import { RefusedError } from '../../platform/call-platform.ts';
import { findDataset } from '../../platform/data-list.ts';
import type { ModelFiles } from '../../trainer/trainer-api.ts';
import { keptDeploymentKey } from '../state/deployment-key.ts';
import { keepHostKey } from '../state/host-keys.ts';
import { platformClient } from '../state/platform-client.ts';
import { formatCount } from '../ui/format.ts';
import { startTrainer, wasmPaths } from '../volunteering/trainer-bridge.ts';
import { newRunWords } from '../words/new-run-words.ts';
import { isBySize } from './set-by-size.ts';

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

/**
 * The form knows sets of the platform and ready-made ones by their sizes. The whole one is asked for now, and a ready-made set
 * that the platform lacks is uploaded.
 */
async function hostedSpec({ spec, deploymentKey: key }: CreationChoices): Promise<CreationChoices['spec']> {
  if (!isBySize(spec.dataset)) return spec;
  const { name } = spec.dataset;
  const dataset = (await findDataset(platformClient, name)) ?? (await hostedReadyMade(name, key));
  return { ...spec, dataset, training: { ...spec.training, partsPerLease: leaseParts(dataset) } };
}

/** @throws RefusedError if there is no such set: somebody has deleted it meanwhile */
async function hostedReadyMade(name: string, key: string | undefined): Promise<HostedDataset> {
  const { hostReadyMade } = await import('../../host/host-ready-made.ts');
  if (readyMadeSets.some(set => set.name === name)) return hostReadyMade(platformClient, name, { key });
  const { status, text } = refusals['not-found'];
  throw new RefusedError(status, 'not-found', text, `the data set ${name}`);
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
