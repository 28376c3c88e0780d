import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import { RunHost } from '../../client/platform/run-host.ts';
import type { Visibility } from '../../shared/protocol/visibility.ts';
import { TestPlatform } from '../support/test-platform.ts';
import { createTinyRun, tinyRequest } from '../support/tiny-run.ts';

const OWNER_KEY = 'a-key-of-the-owner-of-this-platform';

const idsOf = async (client: HomeroomClient, options: Parameters<HomeroomClient['listRuns']>[0] = {}) =>
  (await client.listRuns(options)).map(({ run }) => run);

describe.each([
  ['closed', 'unlisted', 'public'],
  ['open', 'public', 'unlisted'],
] as const)('where creation is %s', (creation, usual, other) => {
  const platform = new TestPlatform({ RUN_CREATION: creation, DEPLOYMENT_KEY: OWNER_KEY });
  beforeAll(() => platform.start());
  afterAll(() => platform.remove());

  /** A run whose host has said so, or nothing. */
  async function create(visibility?: Visibility) {
    const { client } = platform;
    const { model } = await createTinyRun(client, { key: OWNER_KEY, isOpen: false });
    return client.createRun({ ...tinyRequest({ model }), visibility }, OWNER_KEY);
  }
  const isListed = async (run: string): Promise<boolean> => (await idsOf(platform.client)).includes(run);

  it(`a run is ${usual} if its host says nothing, and what the host says otherwise`, async () => {
    const isShown = { [usual]: usual === 'public', [other]: other === 'public' };
    expect(await isListed((await create()).run)).toBe(isShown[usual]);
    expect(await isListed((await create(other)).run)).toBe(isShown[other]);
    expect(await isListed((await create(usual)).run)).toBe(isShown[usual]);
  });

  it('the host changes it, and is told what it is, also after a restart', async () => {
    const { run, hostKey } = await create('unlisted');
    const host = () => new RunHost(platform.client, run, hostKey);
    expect(await host().about()).toMatchObject({ visibility: 'unlisted' });
    await host().setVisibility('public');
    expect(await isListed(run)).toBe(true);
    await host().setVisibility('unlisted');
    await platform.restart();
    expect(await isListed(run)).toBe(false);
    expect(await host().about()).toMatchObject({ visibility: 'unlisted' });
  });

  it('who has its link looks at it and finds it in the list, and the owner finds all', async () => {
    const { client } = platform;
    const { run } = await create('unlisted');
    expect((await client.run(run)).run).toBe(run);
    const found = (await client.listRuns({ known: ['nosuchrun3', run] })).find(listed => listed.run === run);
    expect(found).toMatchObject({ name: 'tiny', unlisted: true });
    expect(await idsOf(client, { key: OWNER_KEY })).toContain(run);
    expect(await idsOf(client, { key: 'x'.repeat(40) })).not.toContain(run);
  });

  it('a public run that the caller knows of is listed once', async () => {
    const { run } = await create('public');
    expect((await idsOf(platform.client, { known: [run] })).filter(id => id === run)).toHaveLength(1);
  });

  it('what is no id is passed over, and a run in the archive is listed only if those are asked for', async () => {
    const { client } = platform;
    const { run, hostKey } = await create('unlisted');
    const strange = await fetch(`${client.origin}/api/runs?known=${encodeURIComponent(`%,',${run}`)}`);
    const { runs }: { runs: { run: string }[] } = JSON.parse(await strange.text());
    expect(runs.map(listed => listed.run)).toContain(run);
    await new RunHost(client, run, hostKey).archive(true);
    expect(await idsOf(client, { known: [run] })).not.toContain(run);
    expect(await idsOf(client, { known: [run], archived: true })).toContain(run);
    expect(await idsOf(client, { archived: true })).not.toContain(run);
  });
});

it('the id of a run is 60 bits that nobody can guess', async () => {
  const platform = new TestPlatform();
  await platform.start();
  const ids = await Promise.all(Array.from({ length: 5 }, () => createTinyRun(platform.client)));
  for (const { run } of ids) expect(run).toMatch(/^[a-z0-9]{12}$/);
  expect(new Set(ids.map(({ run }) => run)).size).toBe(ids.length);
  await platform.remove();
});
