import { afterEach, expect, test } from 'vitest';
import { describeEvent } from '../../client/web/run/describe-event.ts';
import { loadLanguage } from '../../client/web/words/language.ts';
import type { EventBody } from '../../shared/protocol/events.ts';
import { refusals } from '../../shared/protocol/refusals.ts';

const nameOf = (): string => 'Ada';

afterEach(() => loadLanguage('en'));

test('roles are counted as their parts stand in the network, those of parts called after them', () => {
  const goals = { whole: 2, 'depth-2': 4, teacher: 1, 'segment-2': 1, student: 3 };
  expect(describeEvent({ type: 'round-opened', round: 4, goals }, nameOf)).toBe(
    'Round 4 opened: 3 students, 1 of segment-2, 1 teacher, 4 of the first 2 segments, 2 of the whole network wanted',
  );
  expect(describeEvent({ type: 'round-opened', round: 4, goals: {} }, nameOf)).toContain('no updates wanted');
});

test('an update that counts in a later round says in which', () => {
  const told = { lease: 'lease1', volunteer: 'ada', role: 'whole', round: 3, sha256: '', norm: 1 } as const;
  const update = { ...told, bytes: 900, downloadBytes: 0, loss: 1, samplesPerSecond: null, backend: 'wasm' };
  const described = (late: { countsIn?: number }) =>
    describeEvent({ type: 'update-accepted', ...update, ...late }, nameOf);
  expect(described({})).not.toContain('late');
  expect(described({ countsIn: 4 })).toBe(`${described({})}, late: it counts in round 4`);
});

test('a pause says whether it was the host or the run itself', () => {
  const told = (['host', 'diverged', undefined] as const).map(why =>
    describeEvent({ type: 'run-paused', ...(why ? { why } : {}) }, nameOf),
  );
  expect(told).toEqual([
    'The host paused the run',
    'The run paused itself: the training diverges on every device that tries it',
    'The host paused the run',
  ]);
});

test('a pause and a refusal say which tensor was at fault', () => {
  const detail = 'the moving variance of layer norm is -3: no variance is below zero';
  expect(describeEvent({ type: 'run-paused', why: 'bad-statistics', detail }, nameOf)).toBe(
    `The run paused itself: a statistic of batch norm leaves its range on every device that tries it (${detail})`,
  );
  const refused = { lease: 'lease1', volunteer: 'ada', role: 'whole', bytes: 9 } as const;
  expect(
    describeEvent({ type: 'update-refused', reason: 'bad-statistics', detail, ...refused }, nameOf),
  ).toBe(
    `An update from Ada was refused: a statistic of batch norm has a value that it cannot have (${detail})`,
  );
});

test('a version says which roles had too few updates for the run’s rule', () => {
  const told = { version: 2, round: 2, updates: { whole: 2 }, segments: {} };
  const described = (aggregation: { whole?: { fallback?: 'clipped-mean'; scale?: number } }) =>
    describeEvent({ type: 'version-published', ...told, aggregation }, nameOf);
  expect(described({ whole: { scale: 2 } })).not.toContain('too few');
  expect(described({ whole: { fallback: 'clipped-mean' } })).toMatch(
    /so a simpler rule than the run’s own combined the updates \(the whole network by clipped-mean\)\. That stays so until more come$/,
  );
});

test('a run that was taken back says who wanted it, or how far it fell', () => {
  const back = { type: 'run-taken-back', from: 5, to: 2, round: 6 } as const;
  expect(describeEvent({ ...back, why: 'host' }, nameOf)).toBe(
    'The host took the run back from version 5 to version 2',
  );
  const detail = 'version 5 has 10.0 %, version 2 had 80.0 %';
  expect(describeEvent({ ...back, why: 'fell', detail }, nameOf)).toBe(
    `The run went back from version 5 to version 2: ${detail}`,
  );
  const published = { type: 'version-published', version: 6, round: 6, updates: {}, segments: {} } as const;
  expect(describeEvent({ ...published, weightsOf: 2 }, nameOf)).toBe(
    'Version 6 is out, with the weights of version 2',
  );
});

test('an accuracy says whether anybody could confirm it, and whose word was wrong', () => {
  const judged = { type: 'version-evaluated', version: 4, examples: 40, accuracy: 0.5, loss: 1 } as const;
  expect(describeEvent(judged, nameOf)).toBe('Version 4 reaches 50.0 %');
  expect(describeEvent({ ...judged, confirmed: false }, nameOf)).toBe(
    'Version 4 reaches 50.0 %, which nobody could confirm',
  );
  const wrong = { type: 'judgement-contradicted', version: 4, volunteer: 'ada', parts: 3 } as const;
  expect(describeEvent(wrong, nameOf)).toBe(
    'Ada counted otherwise than others at 3 parts of the test of version 4, and loses standing',
  );
});

test('a run that ends says that its last version is being tested, and whether anybody did', () => {
  expect(describeEvent({ type: 'run-closing', why: 'host' }, nameOf)).toBe(
    'The run comes to its end: its last version is being tested',
  );
  const finished = { type: 'run-finished', why: 'host' } as const;
  expect(describeEvent(finished, nameOf)).toBe('The run is finished: the host finished it');
  expect(describeEvent({ ...finished, untested: true }, nameOf)).toBe(
    'The run is finished: the host finished it, and nobody has tested its last version',
  );
});

test('all that may happen is told in German too', async () => {
  const refused = { lease: 'lease1', volunteer: 'ada', role: 'whole', bytes: 9 } as const;
  const told: EventBody[] = [
    { type: 'run-opened' },
    { type: 'run-paused', why: 'keeps-falling' },
    { type: 'round-opened', round: 4, goals: { 'depth-2': 1, 'segment-3': 2, student: 3 } },
    { type: 'lease-granted', ...refused, round: 1, parts: [0], examples: 9, role: 'slice-1' },
    { type: 'volunteers-left', volunteers: ['ada'] },
    ...(Object.keys(refusals) as (keyof typeof refusals)[]).map(reason => ({
      ...({ type: 'update-refused', ...refused } as const),
      reason,
    })),
  ];
  const english = told.map(event => describeEvent(event, nameOf));
  await loadLanguage('de');
  const german = told.map(event => describeEvent(event, nameOf));
  expect(german.filter((text, i) => text === english[i])).toEqual([]);
  expect(german[2]).toBe(
    'Runde 4 beginnt; gebraucht: 3 für die Rolle Schüler, 2 für Segment 3, 1 für die ersten 2 Segmente',
  );
});
