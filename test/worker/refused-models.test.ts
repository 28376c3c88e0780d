import { expect, test } from 'vitest';
import type { CreateRunRequest } from '../../shared/protocol/messages.ts';
import type { Segment } from '../../shared/protocol/model-outline.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { type PlanSpec, planSpecSchema } from '../../shared/protocol/plan-spec.ts';
import { responseOf } from '../support/raw-put.ts';
import { usePlatform } from '../support/test-platform.ts';
import { createTinyModel } from '../support/tiny-model.ts';
import { createTinyRun, putBlobs, tinyRequest } from '../support/tiny-run.ts';

const platform = usePlatform();

/** The model with one segment as this makes it, which may be none, or several. */
const withSegment = (
  { model, ...request }: CreateRunRequest,
  id: string,
  change: (segment: Segment) => readonly Segment[],
): CreateRunRequest => ({
  ...request,
  model: {
    ...model,
    segments: model.segments.flatMap(segment => (segment.id === id ? change(segment) : [segment])),
  },
});

/** A moving average of the teacher's kernel behind it, as this makes it. */
const withAverage = (request: CreateRunRequest, change: Partial<Segment>): CreateRunRequest =>
  withSegment(request, 'segment-2', body => [
    body,
    {
      ...body,
      id: 'average-2',
      kind: 'average',
      of: 'segment-2',
      decay: 0.9,
      tensors: [{ name: 's2/kernel', shape: [3, 10] }],
      ...change,
    },
  ]);

const withPlan = ({ spec, ...request }: CreateRunRequest, plan: PlanSpec): CreateRunRequest => ({
  ...request,
  spec: { ...spec, plan },
});

const refused: readonly (readonly [string, string, (request: CreateRunRequest) => CreateRunRequest])[] = [
  [
    'a head of a segment that is not there',
    'head-1 is a head of segment-9, which is no body segment of the model',
    r => withSegment(r, 'head-1', head => [{ ...head, of: 'segment-9' }]),
  ],
  [
    'a head of a head',
    'head-1 is a head of head-1, which is no body segment of the model',
    r => withSegment(r, 'head-1', head => [{ ...head, of: 'head-1' }]),
  ],
  [
    'a head of nothing',
    'head-1 is a head of nothing',
    r => withSegment(r, 'head-1', ({ of: _, ...head }) => [head]),
  ],
  [
    'two heads of one segment',
    'the model has more than one head of segment-1',
    r => withSegment(r, 'head-1', head => [head, { ...head, id: 'head-2' }]),
  ],
  [
    'two segments of one name',
    'the model has two segments segment-2',
    r => withSegment(r, 'segment-2', body => [body, body]),
  ],
  [
    'two tensors of one name',
    'segment-2 has two tensors s2/bias',
    r =>
      withSegment(r, 'segment-2', body => [
        { ...body, tensors: body.tensors.map(tensor => ({ ...tensor, name: 's2/bias' })) },
      ]),
  ],
  [
    'an average of a segment that is not there',
    'average-2 is a moving average of segment-9, which is no body segment of the model',
    r => withAverage(r, { of: 'segment-9' }),
  ],
  [
    'an average of the first segment',
    'average-2 is a moving average of segment-1, before which no head stands',
    r => withAverage(r, { of: 'segment-1', tensors: [] }),
  ],
  [
    'an average that does not say its decay',
    'average-2 is a moving average and does not say its decay',
    r => withAverage(r, { decay: undefined }),
  ],
  [
    'an average of a tensor that its segment has not',
    'average-2 averages s2/other of shape 3×10, which segment-2 has not',
    r => withAverage(r, { tensors: [{ name: 's2/other', shape: [3, 10] }] }),
  ],
  [
    'an average of another shape than its tensor',
    'average-2 averages s2/kernel of shape 10×3, which segment-2 has of shape 3×10',
    r => withAverage(r, { tensors: [{ name: 's2/kernel', shape: [10, 3] }] }),
  ],
  ['an average without shards', 'average-2 has 0 shards, its tensors make 1', r => withAverage(r, {})],
  [
    'shards of a segment that the model has not',
    'there are shards of segment-9, which is no segment of the network',
    r => ({ ...r, segments: { ...r.segments, 'segment-9': r.segments['head-1'] ?? [] } }),
  ],
  [
    'a plan that wants averages, of a model without',
    'momentum-auxiliary wants a moving average before the head of segment-1',
    r => withPlan(r, planSpecSchema.parse({ name: 'momentum-auxiliary' })),
  ],
  [
    'a plan of several segments for a model of one',
    'layer-to-layer wants a network of two segments or more, tiny has one',
    r =>
      withSegment(
        withSegment(r, 'segment-2', () => []),
        'head-1',
        () => [],
      ),
  ],
  [
    'a plan that would leave a segment untrained',
    'growing-together with these settings never trains segment-2, rounds: 3',
    r => withPlan(r, planSpecSchema.parse({ name: 'growing-together', growAt: 1 })),
  ],
];

test.for(refused)('%s is refused as bad-spec: %s', async ([, why, change]) => {
  const { client } = platform;
  const model = createTinyModel();
  await putBlobs(client, model);
  const body = JSON.stringify(change(tinyRequest({ model })));
  const response = await responseOf(
    await fetch(client.origin + paths.runs, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    }),
  );
  expect(response).toMatchObject({ status: 400, reason: 'bad-spec' });
  expect(response.detail).toContain(why);
  expect(await client.listRuns()).toEqual([]);
});

test('a moving average with all it needs is taken', async () => {
  const { client } = platform;
  const model = createTinyModel([3, 10], { decay: 0.9 });
  const plan = { name: 'momentum-auxiliary' } as const;
  const { run } = await createTinyRun(client, { model, spec: { plan } });
  expect((await client.version(run, 0)).segments['average-2']?.shards).toEqual(model.shards['average-2']);
});
