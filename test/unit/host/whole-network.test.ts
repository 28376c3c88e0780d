import { expect, test } from 'vitest';
import { defaultGlyphs, defaultSpec } from '../../../client/host/default-spec.ts';
import { ExportRefusal, exportRun } from '../../../client/host/export-run.ts';
import { wholenessOf } from '../../../client/host/whole-network.ts';
import { HomeroomClient } from '../../../client/platform/homeroom-client.ts';
import { type PlanName, planSpecSchema } from '../../../shared/protocol/plan-spec.ts';
import { runSpecSchema } from '../../../shared/protocol/run-spec.ts';
import { createTinyModel } from '../../support/tiny-model.ts';

const { outline: model } = createTinyModel();

const runOf = (plan: PlanName, rounds = 10) => ({
  run: 'tinyrun1',
  model,
  spec: runSpecSchema.parse(defaultSpec({ name: 'a run', seed: 1, dataset: defaultGlyphs(1), plan, rounds })),
});

test.each(['layer-to-layer', 'conventional', 'aug-local'] as const)('%s is whole at any version', plan => {
  expect([0, 1, 10].map(version => wholenessOf(runOf(plan), version).kind)).toEqual([
    ...['whole', 'whole', 'whole'],
  ]);
});

test('a growing network is whole from the version of the round in which its last segment joined', () => {
  const kinds = [0, 5, 6, 10].map(version => wholenessOf(runOf('growing-together'), version).kind);
  expect(kinds).toEqual(['growing', 'growing', 'whole', 'whole']);
  expect(wholenessOf(runOf('growing-together'), 5)).toMatchObject({
    text: expect.stringMatching(/version 5 segment-2 had not joined yet \(growing-together\)/),
  });
});

test('of a growing network whose heads stay, the accuracy is that of those until the rest has joined', () => {
  const run = runOf('growing-together');
  const adding = {
    ...run,
    spec: { ...run.spec, plan: planSpecSchema.parse({ name: 'growing-together', answer: 'sum' }) },
  };
  expect([0, 5, 6, 10].map(version => wholenessOf(adding, version).kind)).toEqual([
    ...['growing', 'growing', 'whole', 'whole'],
  ]);
  const wholeness = wholenessOf(adding, 5);
  expect(wholeness).toMatchObject({ text: expect.stringMatching(/that of the earlier heads/) });
  expect(wholeness).not.toMatchObject({ text: expect.stringMatching(/random/) });
});

test('student-alone never is, and nothing is fetched for its export', async () => {
  expect(wholenessOf(runOf('student-alone'), 10).kind).toBe('never');
  const nobody = new HomeroomClient('http://localhost:9');
  const refusal = await exportRun(nobody, runOf('student-alone'), 10).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(ExportRefusal);
  expect(String(refusal)).toMatch(/nothing to export: student-alone never trains segment-2/);
});
