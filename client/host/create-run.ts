import type { Remote } from 'comlink';
import { checkAggregation } from '../../shared/cohort/check-aggregation.ts';
import { checkRoot, chooseRoot, trainingLabels } from '../../shared/datasets/root-set.ts';
import { checkChecking } from '../../shared/federation/check/is-checked.ts';
import { checkCoverage } from '../../shared/plan/check-coverage.ts';
import { checkPlan, networkFor } from '../../shared/plan/plan-tasks.ts';
import {
  type Dataset,
  datasetClasses,
  datasetShape,
  isTable,
  partExamples,
} from '../../shared/protocol/dataset.ts';
import type { ModelOutline } from '../../shared/protocol/model-outline.ts';
import { takesTables } from '../../shared/protocol/model-zoo.ts';
import { accepted, type Result, refusals, refused } from '../../shared/protocol/refusals.ts';
import { comparesWithRoot, rootParts } from '../../shared/protocol/root-set.ts';
import { type RunSpec, type RunSpecInput, runSpecSchema } from '../../shared/protocol/run-spec.ts';
import type { Visibility } from '../../shared/protocol/visibility.ts';
import { RefusedError } from '../platform/call-platform.ts';
import { createNonce } from '../platform/create-nonce.ts';
import type { HomeroomClient } from '../platform/homeroom-client.ts';
import { retryForAWhile } from '../platform/retry-for-a-while.ts';
import type { BuiltModel, ModelFiles, ModelRequest, TrainerApi } from '../trainer/trainer-api.ts';
import { measureNorms } from './measure-norms.ts';
import { safestRule } from './safest-rule.ts';
import { uploadBlobs } from './upload-blobs.ts';

export interface CreateRunOptions {
  readonly client: HomeroomClient;
  /** A started trainer. It builds and cuts the model. */
  readonly trainer: Remote<TrainerApi>;
  /** Name of a network in the model zoo or, with `files`, of the network that they hold. */
  readonly model: string;
  readonly files?: ModelFiles;
  /** Into how many segments the model is cut, or after which layers. In two if left out. */
  readonly cut?: Pick<ModelRequest, 'segments' | 'cuts'>;
  /** If it names no aggregation rule, the safest one is taken that the run can go by. */
  readonly spec: RunSpecInput & { readonly dataset: Dataset };
  /** Whether training parts are held back for a referee if the spec does not say so, as far as the data allow it. They are if this is left out. */
  readonly holdsBack?: boolean;
  /** Called with the examples that are held back, or with null if a root set was wanted and the data allow none. */
  readonly onRoot?: (examples: number | null) => void;
  /** How the host wants pictures to be changed in training. It goes before what the network or the spec says. */
  readonly augment?: RunSpec['training']['augment'];
  /** Needed on a deployment that does not let everybody create runs. */
  readonly deploymentKey?: string;
  readonly joinCode?: string;
  /** Who finds the run in the list. If it is left out, as the platform does it. */
  readonly visibility?: Visibility | undefined;
  readonly onProgress?: (done: number, total: number) => void;
  /** Called before this machine trains a lease of each task, to know how long honest updates are. */
  readonly onMeasure?: () => void;
  /** Called with what tasks train of which it trained no lease: they are too large, or the lease failed. */
  readonly onUnmeasured?: (tasks: readonly string[]) => void;
  /** Called with what was changed about a host's own network, before anything is uploaded. */
  readonly onNotes?: (notes: readonly string[]) => void;
  /** Called before a call to the platform is made again, with what went wrong. */
  readonly onRetry?: (error: Error) => void;
  /** Called before the run is opened, so that the key is not lost if something breaks after. */
  readonly onCreated?: (created: CreatedRun) => void;
}

export interface CreatedRun {
  readonly run: string;
  readonly hostKey: string;
  /** [ROOT4] Whether its rule defends it only while a referee is there. */
  readonly needsReferee: boolean;
}

/** The spec with its root set: the one it asks for, if that is of use, or the smallest that the data allow. */
async function withRoot(
  { client, holdsBack = true, onRoot }: CreateRunOptions,
  spec: RunSpec,
): Promise<RunSpec> {
  const labelsOf = trainingLabels(spec.dataset, sha256 => client.getBlob(sha256));
  requireAccepted(await checkRoot(spec, labelsOf));
  if (!spec.root && !holdsBack) return spec;
  const root = spec.root ?? (await chooseRoot(spec.dataset, labelsOf));
  if (!root) {
    onRoot?.(null);
    return spec;
  }
  const held = { ...spec, root: { parts: root.parts } };
  onRoot?.(rootParts(held).reduce((sum, part) => sum + partExamples(spec.dataset, 'train', part), 0));
  return held;
}

/** The platform checks the same. Checked here first, so that nothing is uploaded in vain. */
function requireServed(spec: RunSpec, outline: ModelOutline): void {
  // Each check relies on those before it.
  for (const checkOf of [() => checkPlan(spec.plan, outline), checkCoverage, checkAggregation])
    requireAccepted(checkOf(spec, outline));
  requireAccepted(checkChecking(spec));
}

/** No convolution makes sense of a table, whose columns have no neighbours. A network of the host's own may. */
function checkTable({ spec, model, files }: CreateRunOptions): Result<true> {
  if (!isTable(spec.dataset) || files || takesTables(model)) return accepted(true);
  return refused(
    'bad-spec',
    `${model} looks for patterns among neighbouring pixels, and a table has none: take mlp`,
  );
}

function requireAccepted(check: Result<unknown>): void {
  if (check.ok) return;
  const { status, text } = refusals[check.reason];
  throw new RefusedError(status, check.reason, text, check.detail);
}

/**
 * Builds the model with the run's seed, trains a lease of each task to know how long updates are, uploads its shards, creates the run and opens it.
 * @throws RefusedError if the plan cannot serve the model, or if the platform refuses the run
 */
export async function createRun(options: CreateRunOptions): Promise<CreatedRun> {
  const { client, trainer, model, deploymentKey, joinCode, visibility, onRetry } = options;
  requireAccepted(checkTable(options));
  const asked = await withRoot(options, runSpecSchema.parse(options.spec));
  const { height, width, channels } = datasetShape(asked.dataset);
  const built = await trainer.build({
    name: model,
    ...(options.files ? { files: options.files } : {}),
    inputShape: [height, width, channels],
    classes: datasetClasses(asked.dataset),
    seed: asked.seed,
    ...networkFor(asked.plan),
    ...options.cut,
  });
  const augment = options.augment ?? built.augment ?? asked.training.augment;
  const aggregation = options.spec.aggregation ?? safestRule(asked, built.outline);
  const spec = { ...asked, aggregation, training: { ...asked.training, augment } };
  requireServed(spec, built.outline);
  if (built.notes.length > 0) options.onNotes?.(built.notes);
  const robust = await measured(options, spec, built);
  await uploadBlobs(client, built.blobs, { key: deploymentKey, onProgress: options.onProgress, onRetry });
  const segments = Object.fromEntries(Object.entries(built.shards).map(([id, shards]) => [id, [...shards]]));
  // All attempts show the same nonce, so that they make one run.
  const request = {
    spec: { ...spec, robust },
    model: built.outline,
    segments,
    nonce: createNonce(),
    visibility,
  };
  const made = await retryForAWhile(
    client.limits,
    () => client.createRun(joinCode ? { ...request, joinCode } : request, deploymentKey),
    onRetry,
  );
  const created = { run: made.run, hostKey: made.hostKey, needsReferee: comparesWithRoot(spec) };
  options.onCreated?.(created);
  await openRun(options, created);
  return created;
}

/** What the rule goes by, with the norms of updates that this machine trained. The mean clips nothing. */
async function measured(
  { client, trainer, onMeasure, onUnmeasured }: CreateRunOptions,
  spec: RunSpec,
  built: BuiltModel,
): Promise<RunSpec['robust']> {
  if (spec.aggregation === 'mean' || spec.robust.norms) return spec.robust;
  onMeasure?.();
  const { norms, missing } = await measureNorms(trainer, client, spec, built);
  if (missing.length > 0) onUnmeasured?.(missing);
  return { ...spec.robust, norms };
}

/** Opens the run. To be told that it is open is as good, for then the reply to an earlier attempt was lost. */
async function openRun(
  { client, onRetry }: CreateRunOptions,
  { run, hostKey }: Omit<CreatedRun, 'needsReferee'>,
): Promise<void> {
  let attempts = 0;
  await retryForAWhile(
    client.limits,
    async () => {
      attempts += 1;
      try {
        await client.control(run, 'open', hostKey);
      } catch (error) {
        const mayBeOpen = attempts > 1 && error instanceof RefusedError && error.reason === 'run-not-open';
        if (!mayBeOpen || (await client.run(run)).view.phase !== 'open') throw error;
      }
    },
    onRetry,
  );
}
