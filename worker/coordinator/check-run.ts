import { maxUpdateWeight } from '../../shared/aggregation/exact-sum.ts';
import { layoutShards } from '../../shared/codec/shard-layout.ts';
import { datasetClasses, datasetShape, partExamples } from '../../shared/datasets/dataset.ts';
import { checkPlan } from '../../shared/plan/plan-tasks.ts';
import type { CreateRunRequest } from '../../shared/protocol/messages.ts';
import { accepted, type Result, refused } from '../../shared/protocol/refusals.ts';
import { hasBlob } from '../storage/blobs.ts';

/** What a schema cannot see: that plan, model, shards and data meet, and that everything named was uploaded. */
export async function checkRun(request: CreateRunRequest, bucket: R2Bucket): Promise<Result<true>> {
  const plan = checkPlan(request.spec.plan, request.model);
  if (!plan.ok) return plan;
  for (const check of [checkShards, checkData]) {
    const result = check(request);
    if (!result.ok) return result;
  }
  return checkBlobs(request, bucket);
}

function checkShards({ model, segments }: CreateRunRequest): Result<true> {
  for (const segment of model.segments) {
    const wanted = layoutShards(segment.tensors).length;
    const given = segments[segment.id]?.length ?? 0;
    if (given !== wanted)
      return refused('bad-spec', `${segment.id} has ${given} shards, its tensors make ${wanted}`);
  }
  return accepted(true);
}

function checkData({ spec, model }: CreateRunRequest): Result<true> {
  const { dataset, training } = spec;
  const { height, width, channels } = datasetShape(dataset);
  const shape = [height, width, channels];
  const classes = datasetClasses(dataset);
  if (shape.join() !== model.inputShape.join())
    return refused(
      'bad-spec',
      `the model takes ${model.inputShape.join('×')} pictures, ${dataset.name} has ${shape.join('×')}`,
    );
  if (classes !== model.classes)
    return refused('bad-spec', `the model tells ${model.classes} classes, ${dataset.name} has ${classes}`);
  const examples = partExamples(dataset, 'train', 0) * training.partsPerLease;
  return examples <= maxUpdateWeight
    ? accepted(true)
    : refused(
        'bad-spec',
        `a lease would hold ${examples} examples, at most ${maxUpdateWeight} can be weighed`,
      );
}

async function checkBlobs(
  { spec, model, segments }: CreateRunRequest,
  bucket: R2Bucket,
): Promise<Result<true>> {
  const shards = Object.values(segments).flatMap(list => list.map(shard => shard.sha256));
  const topologies = [model.topology, ...model.segments.map(segment => segment.topology)];
  // Of a hosted set the first and the last part stand for all: its import checked each.
  const parts =
    spec.dataset.kind === 'hosted'
      ? [spec.dataset.train.at(0), spec.dataset.test.at(-1)].flatMap(part => part?.sha256 ?? [])
      : [];
  for (const sha256 of new Set([...shards, ...topologies, ...parts]))
    if (!(await hasBlob(bucket, sha256)))
      return refused('bad-spec', `blob ${sha256.slice(0, 12)}… was not uploaded`);
  return accepted(true);
}
