import type { Miniflare } from 'miniflare';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startBarePlatform } from '../support/bare-platform.ts';
import { createTinyModel } from '../support/tiny-model.ts';
import { tinyRequest } from '../support/tiny-run.ts';

let miniflare: Miniflare;

beforeAll(async () => {
  miniflare = await startBarePlatform();
});
afterAll(() => miniflare.dispose());

/** Calls of the release before, as its Worker made them. */
interface OlderCoordinator {
  create(run: string, request: unknown): Promise<{ readonly ok: boolean }>;
  info(): Promise<{ readonly value?: { readonly view: { readonly phase: string } } }>;
  ledger(after: number): Promise<{ readonly value?: { readonly events: unknown[]; readonly last: number } }>;
}

/** A cohort as a coordinator of the release before asked it. */
interface OlderCohort {
  fold(run: string, role: string, request: unknown, inSlices: boolean): Promise<unknown>;
}

/** During a deployment the Worker and the objects may be one release apart. */
it('a coordinator serves a Worker of the release before, which names no region', async () => {
  const model = createTinyModel();
  for (const { sha256, bytes } of model.blobs)
    await miniflare.dispatchFetch(`http://platform/api/blobs/${sha256}`, { method: 'PUT', body: bytes });
  const coordinators = await miniflare.getDurableObjectNamespace('COORDINATORS');
  const id = coordinators.idFromName('older12345');
  const coordinator = coordinators.get(id) as unknown as OlderCoordinator;
  const created = await coordinator.create('older12345', tinyRequest({ model }));
  expect(created.ok).toBe(true);
  expect((await coordinator.info()).value?.view.phase).toBe('draft');
  expect((await coordinator.ledger(0)).value).toMatchObject({ events: [], last: 0 });
});

it('[ROUND9] a cohort folds for a coordinator of the release before, which knows of no others', async () => {
  const model = createTinyModel();
  for (const { sha256, bytes } of model.blobs)
    await miniflare.dispatchFetch(`http://platform/api/blobs/${sha256}`, { method: 'PUT', body: bytes });
  const coordinators = await miniflare.getDurableObjectNamespace('COORDINATORS');
  const run = 'older23456';
  const coordinator = coordinators.get(coordinators.idFromName(run)) as unknown as OlderCoordinator;
  const spec = { plan: { name: 'conventional' }, policy: { cohorts: 3 } } as const;
  expect((await coordinator.create(run, tinyRequest({ model, spec }))).ok).toBe(true);
  const cohorts = await miniflare.getDurableObjectNamespace('COHORTS');
  const cohort = cohorts.get(cohorts.idFromName(`${run}/whole/0`)) as unknown as OlderCohort;
  const manifest = { version: 0, segments: {} };
  const request = { round: 1, manifest, handed: {}, handsOn: [] };
  expect(await cohort.fold(run, 'whole', request, true)).toEqual({ updates: 0, segments: {} });
});
