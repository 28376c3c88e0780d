import type { BuiltModel, SegmentFiles, TrainerApi } from '../../../client/trainer/trainer-api.ts';
import type { Examples } from '../../../shared/datasets/examples.ts';
import { runSpecSchema } from '../../../shared/protocol/run-spec.ts';
import { cutForLeases } from '../../bench/learning/federated-data.ts';
import { Federation } from '../../bench/learning/federation.ts';
import { segmentFiles } from '../local-trainer.ts';

/** As many as one update each of two students and two teachers. */
const VOLUNTEERS = 4;

interface Lesson {
  readonly role: string;
  /** The version that its lease began with. */
  readonly version: number;
  readonly loss: number;
}

interface TrainedRounds {
  readonly lessons: readonly Lesson[];
  /** The last version's segments, as a volunteer downloads them. */
  readonly segments: Readonly<Record<string, SegmentFiles>>;
}

/** In two rounds both segments learn. In the last one the first rests, so that the second learns on what is there. */
const ROUNDS = 3;
const plan = { name: 'layer-to-layer', freezeAt: 0.6 } as const;

/** Three rounds on the real round machine and cohorts, in memory. One trainer works all leases. */
export async function trainRounds(
  trainer: TrainerApi,
  built: BuiltModel,
  examples: Examples,
): Promise<TrainedRounds> {
  const lessons: Lesson[] = [];
  const work: TrainerApi['work'] = async (job, onProgress) => {
    const result = await trainer.work(job, onProgress);
    lessons.push({ role: job.task.role, version: federation.manifest.version, loss: result.loss });
    return result;
  };
  const data = cutForLeases('patterns', examples, examples.labels.length / VOLUNTEERS, { kind: 'iid' }, 1);
  const spec = runSpecSchema.parse({
    ...{ name: 'brought', seed: 1, dataset: data.dataset, plan, rounds: ROUNDS },
    training: { batch: 16, learningRate: 0.01, partsPerLease: data.partsPerLease },
    policy: {
      rounds: 'synchronous',
      updatesPerRound: VOLUNTEERS,
      overIssue: 1,
      minVolunteers: VOLUNTEERS,
      evaluators: 'referees',
    },
  });
  const config = { spec, model: built.outline };
  const federation: Federation = new Federation(config, built, data, { ...trainer, work }, VOLUNTEERS);
  while (!federation.isTrained) await federation.advance();
  const segments = Object.entries(segmentFiles(built)).map(([id, files]) => {
    const shards = federation.manifest.segments[id]?.shards ?? [];
    return [id, { ...files, shards: shards.map(({ sha256 }) => federation.blob(sha256)) }] as const;
  });
  return { lessons, segments: Object.fromEntries(segments) };
}

/** The mean loss of a role's leases that began with this version. */
export function lessonLoss(lessons: readonly Lesson[], role: string, version: number): number {
  const own = lessons.filter(lesson => lesson.role === role && lesson.version === version);
  return own.reduce((sum, { loss }) => sum + loss, 0) / own.length;
}
