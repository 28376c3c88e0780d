import { SegmentModels } from '../../../client/trainer/models/segment-models.ts';
import type { BuiltModel, TrainerApi } from '../../../client/trainer/trainer-api.ts';
import type { RunConfig } from '../../../shared/protocol/run-config.ts';
import type { BenchData } from './bench-data.ts';
import { buildFor, filesOf } from './bench-model.ts';
import { specFor } from './bench-spec.ts';
import type { BenchVolunteer } from './bench-volunteer.ts';
import { memoriesOf } from './devices/device-memory.ts';
import { cutForLeases } from './federated-data.ts';
import { Federation } from './federation.ts';
import type { Federated, LearningRun } from './learning-run.ts';
import { measureAccuracy } from './measure-accuracy.ts';
import { type OnRunProgress, type Outcome, orDiverged } from './outcome.ts';

const MEGA = 1e6;

/**
 * Trains a run by volunteers on the real round machine, over a link in memory. Every update goes through its
 * envelope, its checks and the aggregation. Momentum is reset at every lease, as on a device.
 * @param trainer was started
 * @throws Diverged if a loss is no longer a number
 */
export async function runFederated(
  run: LearningRun,
  { volunteers, partition }: Federated,
  data: BenchData,
  trainer: TrainerApi,
  onProgress: OnRunProgress = () => {},
): Promise<Outcome> {
  const cut = cutForLeases(data.name, data.train, run.leaseExamples, partition, run.seed);
  const built = await buildFor(run, data.train, run.seed);
  const spec = specFor(run, built.outline, data.train, cut);
  const config = { spec, model: built.outline };
  const memories = memoriesOf(run, spec, built.outline);
  const federation = new Federation(config, built, cut, trainer, volunteers, memories);
  const startedAt = performance.now();
  const loss = await trainToEnd(federation, spec.rounds, onProgress);
  const seconds = (performance.now() - startedAt) / 1_000;
  const { macs, peakMemoryMBByRole } = federation;
  return {
    ...(await measureLast(federation, config, built, data)),
    loss,
    rounds: spec.rounds,
    macs,
    uploadMB: meanMB(federation.volunteers, ({ uploadedBytes }) => uploadedBytes),
    downloadMB: meanMB(federation.volunteers, ({ downloadedBytes }) => downloadedBytes),
    ...federation.costsByRole,
    peakMemoryMBByRole,
    seconds,
    cuts: built.cuts,
  };
}

async function trainToEnd(
  federation: Federation,
  rounds: number,
  onProgress: OnRunProgress,
): Promise<number> {
  let last = Number.NaN;
  while (!federation.isTrained) {
    const loss = await orDiverged(federation.advance(), federation.manifest.version + 1, rounds);
    if (loss === null) continue;
    const { macs, manifest } = federation;
    last = loss;
    await onProgress({ share: manifest.version / rounds, loss, round: manifest.version, macs });
  }
  return last;
}

/** Evaluates the last version; its download counts for nobody. */
async function measureLast(
  federation: Federation,
  { spec, model }: RunConfig,
  built: BuiltModel,
  data: BenchData,
) {
  const models = new SegmentModels();
  try {
    const files = Object.entries(filesOf(built)).map(([id, segment]) => {
      const shards = federation.manifest.segments[id]?.shards ?? [];
      return [id, { ...segment, shards: shards.map(({ sha256 }) => federation.blob(sha256)) }] as const;
    });
    const loaded = await models.loadAll(Object.fromEntries(files));
    return await measureAccuracy(spec, model, loaded, data.held, federation.trained);
  } finally {
    models.dispose();
  }
}

const meanMB = (volunteers: readonly BenchVolunteer[], bytes: (one: BenchVolunteer) => number): number =>
  volunteers.reduce((sum, one) => sum + bytes(one), 0) / volunteers.length / MEGA;
