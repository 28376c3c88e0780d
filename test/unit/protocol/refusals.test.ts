import { describe, expect, it } from 'vitest';
import { accepted, describeRefusal, refusals, refused } from '../../../shared/protocol/refusals.ts';

describe('the table of refusals', () => {
  const rows = Object.entries(refusals);

  it.each(rows)('%s has a status of a refusal and a text of its own', (reason, { status, text }) => {
    expect([400, 401, 403, 404, 409, 410, 413, 415, 421, 422, 500, 503]).toContain(status);
    expect(text.length).toBeGreaterThan(10);
    expect(rows.filter(([, other]) => other.text === text).map(([name]) => name)).toEqual([reason]);
  });

  it('keeps 503, which clients try again, for overload alone', () => {
    expect(rows.filter(([, { status }]) => status === 503).map(([reason]) => reason)).toEqual(['busy']);
  });

  it('tells what is over (410) from what was never allowed (409)', () => {
    const withStatus = (status: number) =>
      rows.filter(([, row]) => row.status === status).map(([name]) => name);
    expect(withStatus(410)).toEqual(['deleted', 'late', 'stale', 'taken-back', 'harmful']);
    expect(withStatus(409)).toEqual([
      'claimed',
      'wrong-claim',
      'archived',
      'run-not-open',
      'unknown-lease',
      'duplicate',
      'name-taken',
      'in-use',
    ]);
  });
});

describe('a result', () => {
  it('is a value or a refusal, with its detail only if there is one', () => {
    expect(accepted(1)).toEqual({ ok: true, value: 1 });
    expect(refused('late')).toStrictEqual({ ok: false, reason: 'late' });
    expect(refused('late', 'by 3 s')).toStrictEqual({ ok: false, reason: 'late', detail: 'by 3 s' });
  });

  it('is described to people by its text and its detail', () => {
    expect(describeRefusal(refused('late'))).toBe('late: the deadline of this task has passed');
    expect(describeRefusal(refused('late', 'by 3 s'))).toBe(
      'late: the deadline of this task has passed (by 3 s)',
    );
  });
});
