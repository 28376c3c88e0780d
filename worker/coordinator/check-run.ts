import { maxUpdateWeight } from '../../shared/aggregation/exact-sum.ts';
import { maxEnvelopeBytes } from '../../shared/codec/envelope.ts';
import { layoutShards } from '../../shared/codec/shard-layout.ts';
import { checkAggregation } from '../../shared/cohort/check-aggregation.ts';
import { checkRoot, type LabelsOf, trainingLabels } from '../../shared/datasets/root-set.ts';
import { checkChecking } from '../../shared/federation/check/is-checked.ts';
import { checkCoverage } from '../../shared/plan/check-coverage.ts';
import { tasksOverRun } from '../../shared/plan/kinds-over-run.ts';
import { checkPlan } from '../../shared/plan/plan-tasks.ts';
import {
  type Dataset,
  datasetClasses,
  datasetShape,
  type HostedDataset,
  partCount,
  partExamples,
} from '../../shared/protocol/dataset.ts';
import { expectedTensors } from '../../shared/protocol/expected-tensors.ts';
import type { CreateRunRequest } from '../../shared/protocol/messages.ts';
import { accepted, type Result, refused } from '../../shared/protocol/refusals.ts';
import { rootParts } from '../../shared/protocol/root-set.ts';
import type { RunSpec } from '../../shared/protocol/run-spec.ts';
import { claimBlob, readBlob } from '../storage/blobs.ts';
import type { Bucket } from '../storage/bucket.ts';
import { checkSegments } from './check-segments.ts';

/** The largest envelope of an update. It comes in the body of one request, which Cloudflare limits to 100 MB. */
const MAX_ENVELOPE_BYTES = 100_000_000;

/** Checks what a schema cannot see: plan, model, shards and data fit together, and everything named was uploaded. */
export async function checkRun(request: CreateRunRequest, bucket: Bucket): Promise<Result<true>> {
  // Each check relies on those before it: plans on the names of segments, the tasks of a run on its plan.
  const checks = [
    ...[checkModel, checkPlanned, checkTrained, checkCounted, checkChecked],
    ...[checkEnvelopes, checkShards, checkData],
  ];
  for (const check of checks) {
    const result = check(request);
    if (!result.ok) return result;
  }
  const uploaded = await checkBlobs(request, bucket);
  return uploaded.ok ? checkRoot(request.spec, labelsIn(request.spec.dataset, bucket)) : uploaded;
}

const labelsIn = (dataset: Dataset, bucket: Bucket): LabelsOf =>
  trainingLabels(dataset, sha256 => readBlob(bucket, sha256));

const checkModel = ({ model }: CreateRunRequest): Result<true> => checkSegments(model);
const checkPlanned = ({ spec, model }: CreateRunRequest): Result<true> => checkPlan(spec.plan, model);
const checkTrained = ({ spec, model }: CreateRunRequest): Result<true> => checkCoverage(spec, model);
const checkChecked = ({ spec }: CreateRunRequest): Result<true> => checkChecking(spec);
const checkCounted = ({ spec, model }: CreateRunRequest): Result<true> => checkAggregation(spec, model);

function checkEnvelopes({ spec, model }: CreateRunRequest): Result<true> {
  for (const { role, trains, slices } of tasksOverRun(spec, model)) {
    const bytes = maxEnvelopeBytes(spec.codec, expectedTensors(model, trains, slices));
    if (bytes > MAX_ENVELOPE_BYTES)
      return refused(
        'bad-spec',
        `an update of ${trains.join(', ')} by the ${role} takes up to ${bytes} bytes, at most ${MAX_ENVELOPE_BYTES} can be sent: cut the network into more segments`,
      );
  }
  return accepted(true);
}

function checkShards({ model, segments }: CreateRunRequest): Result<true> {
  for (const segment of model.segments) {
    const wanted = layoutShards(segment.tensors).length;
    const given = segments[segment.id]?.length ?? 0;
    if (given !== wanted)
      return refused('bad-spec', `${segment.id} has ${given} shards, its tensors make ${wanted}`);
  }
  const other = Object.keys(segments).find(id => !model.segments.some(segment => segment.id === id));
  return other
    ? refused('bad-spec', `there are shards of ${other}, which is no segment of the network`)
    : accepted(true);
}

function checkData({ spec, model }: CreateRunRequest): Result<true> {
  const { dataset } = spec;
  const { height, width, channels } = datasetShape(dataset);
  const shape = [height, width, channels];
  const classes = datasetClasses(dataset);
  if (shape.join() !== model.inputShape.join())
    return refused(
      'bad-spec',
      `the network takes ${model.inputShape.join('×')} numbers an example, ${dataset.name} has ${shape.join('×')}`,
    );
  if (classes !== model.classes)
    return refused('bad-spec', `the network tells ${model.classes} classes, ${dataset.name} has ${classes}`);
  const examples = largestLease(spec);
  return examples <= maxUpdateWeight
    ? accepted(true)
    : refused(
        'bad-spec',
        `a lease would hold ${examples} examples, at most ${maxUpdateWeight} can be weighed`,
      );
}

/** Examples of a lease on the largest parts. */
function largestLease({ dataset, training }: RunSpec): number {
  const parts = Array.from({ length: partCount(dataset, 'train') }, (_, i) =>
    partExamples(dataset, 'train', i),
  );
  return parts
    .sort((a, b) => b - a)
    .slice(0, training.partsPerLease)
    .reduce((sum, examples) => sum + examples, 0);
}

const looked = ({ train, test }: HostedDataset, held: readonly number[]) => [
  train.at(0),
  test.at(-1),
  ...held.map(part => train[part]),
];

async function checkBlobs(
  { spec, model, segments }: CreateRunRequest,
  bucket: Bucket,
): Promise<Result<true>> {
  const shards = Object.values(segments).flatMap(list => list.map(shard => shard.sha256));
  const topologies = [model.topology, ...model.segments.map(segment => segment.topology)];
  // Its import checked every part. What is looked for are the first, the last, and those that are held back.
  const parts =
    spec.dataset.kind === 'hosted'
      ? looked(spec.dataset, rootParts(spec)).flatMap(part => part?.sha256 ?? [])
      : [];
  for (const sha256 of new Set([...shards, ...topologies, ...parts]))
    if (!(await claimBlob(bucket, sha256)))
      return refused('bad-spec', `blob ${sha256.slice(0, 12)}… was not uploaded`);
  return accepted(true);
}
