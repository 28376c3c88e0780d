import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LeaseState } from '../../../../shared/federation/lease/lease-state.ts';
import { LeaseTable } from '../../../../shared/federation/lease/lease-table.ts';
import { propertyRuns } from '../../../support/extent.ts';

const anyLease: fc.Arbitrary<LeaseState> = fc
  .record({
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    role: fc.constantFrom('student' as const, 'teacher' as const, 'evaluator' as const),
    round: fc.constantFrom(1, 2),
    parts: fc.constant([]),
    examples: fc.constant(1),
    deadlineAt: fc.nat(5),
    isFreed: fc.constantFrom(undefined, true as const),
    overdueAt: fc.option(fc.nat(5)),
    isKnown: fc.boolean(),
  })
  .map(({ isFreed, overdueAt, isKnown, ...lease }) => ({
    ...lease,
    volunteer: lease.id < 'c' ? 'ada' : 'bob',
    ...(isFreed && { isFreed }),
    timing: { startedAt: 0, macs: 1, overdueAt, isKnown },
  }));
const changes = fc.array(fc.tuple(anyLease, fc.boolean()), { maxLength: 40 });

it('a table of leases answers as a walk over them does', () => {
  fc.assert(
    fc.property(changes, list => {
      let table = LeaseTable.of([]);
      for (const [lease, isPut] of list) table = isPut ? table.put(lease) : table.delete(lease.id);
      const leases = [...table.values()];
      const placed = leases.filter(({ isFreed }) => !isFreed);
      expect(table.size).toBe(leases.length);
      expect(table.hasPlaces).toBe(placed.length > 0);
      expect(table.trainingPlaces).toBe(placed.filter(({ role }) => role !== 'evaluator').length);
      expect(new Set(table.untimed())).toEqual(new Set(placed.filter(({ timing }) => !timing?.isKnown)));
      const overdue = placed.flatMap(({ timing }) => timing?.overdueAt ?? []);
      expect(table.firstOverdue()?.timing?.overdueAt ?? Number.POSITIVE_INFINITY).toBe(Math.min(...overdue));
      for (const one of ['ada', 'bob'])
        expect(new Set(table.heldBy(one))).toEqual(
          new Set(leases.filter(({ volunteer }) => volunteer === one)),
        );
      for (const one of ['student', 'teacher', 'evaluator'] as const)
        for (const number of [1, 2])
          expect(table.placesTaken(one, number)).toBe(
            placed.filter(({ role, round }) => role === one && round === number).length,
          );
      const soonest = Math.min(...leases.map(({ deadlineAt }) => deadlineAt));
      expect(table.firstDue()?.deadlineAt ?? Number.POSITIVE_INFINITY).toBe(soonest);
    }),
    { numRuns: propertyRuns(200) },
  );
});

it('a lease of a test that is put again keeps its place in the order in which they were granted', () => {
  const judging = (id: string, overdueAt: number | null): LeaseState => ({
    ...{ id, volunteer: id, role: 'evaluator', round: 1, parts: [0], examples: 1, deadlineAt: 9 },
    timing: { startedAt: 0, macs: 1, overdueAt, isKnown: true },
  });
  const table = LeaseTable.of(['b', 'a', 'c'].map(id => judging(id, null))).put(judging('a', 5));
  const ids = table.evaluatorsOf(1).map(({ id }) => id);
  expect(ids).toEqual(['b', 'a', 'c']);
  const stored: LeaseState[] = JSON.parse(JSON.stringify(table));
  expect(LeaseTable.of(stored).evaluatorsOf(1)).toEqual(table.evaluatorsOf(1));
});
