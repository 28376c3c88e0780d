import { describe, expect, test } from 'vitest';
import { RefusedError, UnreachableError } from '../../../client/platform/call-platform.ts';
import {
  isNameOfKept,
  type KeptUpdate,
  keptBytes,
  nameOfKept,
  readUpdate,
  volunteerOfName,
  writeUpdate,
} from '../../../client/volunteer/outbox/kept-update.ts';
import { describeUnsent, makeRoom, readAnswer } from '../../../client/volunteer/outbox/outbox-rules.ts';
import { type RefusalReason, refusals } from '../../../shared/protocol/refusals.ts';

const away = new UnreachableError('nobody replies', null);

const refusal = (reason: RefusalReason, detail?: string): RefusedError =>
  new RefusedError(refusals[reason].status, reason, refusals[reason].text, detail);

describe('the answer to an update', () => {
  test('is a yes if it was taken, now or before', () => {
    expect(readAnswer(null)).toBe('taken');
    expect(readAnswer(refusal('duplicate'))).toBe('taken');
  });

  test('is a no if another update of that volunteer counts already', () => {
    expect(readAnswer(refusal('duplicate', 'one update a volunteer, role and round'))).toBe('refused');
  });

  const reasons = Object.keys(refusals) as RefusalReason[];
  test.each(reasons.filter(reason => !['busy', 'duplicate'].includes(reason)))('%s is a no', reason => {
    expect(readAnswer(refusal(reason))).toBe('refused');
  });

  test('is none if the platform is away or busy', () => {
    expect(readAnswer(away)).toBe('again');
    expect(readAnswer(refusal('busy'))).toBe('again');
  });

  test('is none that can be waited for if another spoke in the place of the platform', () => {
    const proxys = new RefusedError(
      403,
      'not-found',
      'the platform replied with status 403',
      undefined,
      false,
    );
    expect(readAnswer(proxys)).toBe('barred');
    expect(readAnswer(new TypeError('a bug'))).toBe('barred');
  });
});

describe('room for one update more', () => {
  const kept = [30, 10, 20].map((keptAt, i) => ({ name: `kept ${keptAt}`, bytes: i + 1, keptAt }));
  const limits = { updates: 4, bytes: 10 };

  test('is there, or is made by the oldest that nobody sends', () => {
    expect(makeRoom(kept, kept, 4, limits)).toEqual([]);
    expect(makeRoom(kept, kept, 5, limits)).toEqual(['kept 10']);
    expect(makeRoom(kept, kept, 7, limits)).toEqual(['kept 10', 'kept 20']);
    expect(makeRoom(kept, kept.slice(0, 1), 5, limits)).toEqual(['kept 30']);
    expect(makeRoom(kept, kept, 1, { updates: 3, bytes: 10 })).toEqual(['kept 10']);
  });

  test('is not there for what is too large, or if all are being sent', () => {
    expect(makeRoom(kept, kept, 11, limits)).toBeNull();
    expect(makeRoom(kept, [], 5, limits)).toBeNull();
    expect(makeRoom(kept, kept.slice(0, 1), 10, limits)).toBeNull();
  });
});

describe('what waits is told', () => {
  const waits = { isKept: true, whyNot: null, error: away };
  test.each([
    [[], null],
    [[waits], 'the platform does not answer; the update is kept and will be sent'],
    [[waits, waits], 'the platform does not answer; 2 updates are kept and will be sent'],
    [[{ ...waits, error: refusal('busy') }], 'the platform is too busy; the update is kept and will be sent'],
    [
      [{ ...waits, error: new RefusedError(413, 'not-found', 'too large for a proxy', undefined, false) }],
      'something on the way replies in the place of the platform (status 413); the update is kept and will be sent',
    ],
    [
      [waits, { ...waits, isKept: false, whyNot: 'the disk is full' }],
      'the platform does not answer; 2 updates cannot be kept on this device (the disk is full) and will be sent only while this goes on',
    ],
  ])('of %j: %s', (unsent, words) => {
    expect(describeUnsent(unsent)).toBe(words);
  });
});

describe('an update on the disk', () => {
  const update: KeptUpdate = {
    ...{
      origin: 'http://localhost:8787',
      run: 'abcdef',
      volunteer: 'ghijkl',
      lease: 'mnopqr',
      token: 'a.b.c',
    },
    envelope: Uint8Array.of(1, 2, 3),
    leavings: { first: Uint8Array.of(4), empty: new Uint8Array(0), last: Uint8Array.of(5, 6) },
  };

  test('is read as it was written', () => {
    expect(readUpdate(writeUpdate(update))).toEqual(update);
    expect(readUpdate(writeUpdate({ ...update, leavings: {} }))).toEqual({ ...update, leavings: {} });
    expect(keptBytes(update)).toBe(writeUpdate(update).length);
  });

  test('is nothing if it is damaged, wherever the damage is', () => {
    const whole = writeUpdate(update);
    const damaged = Array.from(whole, (byte, at) => whole.with(at, byte ^ 1));
    for (const bytes of [
      ...damaged,
      whole.slice(0, -1),
      whole.slice(0, 3),
      new Uint8Array(0),
      new Uint8Array(32),
    ])
      expect(readUpdate(bytes)).toBeNull();
  });

  test('has the name of its lease, and no other lease has it', () => {
    const names = [
      update,
      { ...update, run: 'other1' },
      { ...update, lease: 'other1' },
      { ...update, origin: 'http://b' },
    ].map(nameOfKept);
    expect(new Set(names).size).toBe(4);
    expect(names[0]).toMatch(/^[0-9a-f]{64}-ghijkl$/);
    expect(names.map(volunteerOfName)).toEqual(Array(4).fill('ghijkl'));
    expect(names.map(isNameOfKept)).toEqual(Array(4).fill(true));
  });
});
