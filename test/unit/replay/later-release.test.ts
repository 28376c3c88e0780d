import { beforeEach, expect, test } from 'vitest';
import type { EventBody } from '../../../shared/protocol/events.ts';
import { replayRun } from '../../../shared/replay/replay-run.ts';
import { ArchivedRun } from '../../support/archived-run.ts';
import { createTinyModel } from '../../support/tiny-model.ts';
import { smallSpec } from '../federation/small-run.ts';

let run: ArchivedRun;

beforeEach(async () => {
  const spec = smallSpec({ rounds: 9, policy: { updatesPerRound: 4, evaluators: 'referees' } });
  run = new ArchivedRun({ spec, model: createTinyModel([300, 900]).outline });
  for (let i = 0; i < 4; i++) run.join(`volunteer${i}`);
  await run.train(2);
});

/** The entries of this type are told as ones of a type that this release does not know. */
function retype(type: EventBody['type']): number {
  run.told = entry => (entry.event.type === type ? { ...entry, event: { type: 'place-lent' } } : entry);
  return run.entries(type).length;
}

test('[EVENT7] what a later release adds to the ledger is counted, and the versions are recomputed', async () => {
  const count = retype('round-opened');
  expect(count).toBeGreaterThan(0);
  expect(await replayRun(run.ports)).toMatchObject({
    ...{ matched: { first: 1, last: 2 }, difference: null },
    unknown: { 'place-lent': count },
  });
});

test('[EVENT7] a value that a later release adds to an entry is counted by the type of the entry', async () => {
  const later = { type: 'round-extended', round: 'full-moon' };
  run.told = entry => (entry.event.type === 'round-opened' ? { ...entry, event: later } : entry);
  const { matched, unknown } = await replayRun(run.ports);
  expect(matched).toEqual({ first: 1, last: 2 });
  expect(unknown).toEqual({ 'round-extended': run.entries('round-opened').length });
});

test('[EVENT7] entries that cannot be read are named beside the difference that they make', async () => {
  const count = retype('update-accepted');
  const { difference, unknown } = await replayRun(run.ports);
  expect(difference).toMatchObject({ version: 1 });
  expect(unknown).toEqual({ 'place-lent': count });
});

test('[EVENT7] if nothing can be recomputed, the entries that cannot be read are named too', async () => {
  const count = retype('version-published');
  await expect(replayRun(run.ports)).rejects.toThrow(
    `no version yet, only the one that its host made; the ledger has entries that this release cannot read and passes over: ${count} of type place-lent`,
  );
});
