import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RunEvent } from '../../../shared/protocol/events.ts';
import { viewChangesSchema } from '../../../shared/protocol/frames.ts';
import { type RunView, runViewSchema } from '../../../shared/protocol/run-view.ts';
import { emptyView } from '../../../shared/view/empty-view.ts';
import { LiveView } from '../../../shared/view/live-view.ts';
import { applyChanges, viewChanges } from '../../../shared/view/view-changes.ts';
import { applyEvent } from '../../support/apply-event.ts';
import { propertyRuns } from '../../support/extent.ts';
import { drawLedger } from './draw-ledger.ts';

const numRuns = propertyRuns(60);

const overTheWire = <T>(value: T): T => JSON.parse(JSON.stringify(value));

/** What is shown after each of these many entries. */
function shownAfter(ledger: readonly RunEvent[], counts: readonly number[]): RunView[] {
  const live = new LiveView();
  let done = 0;
  return counts
    .toSorted((a, b) => a - b)
    .map(count => {
      for (const entry of ledger.slice(done, count)) live.apply(entry);
      done = Math.max(done, count);
      return live.shown();
    });
}

test('[VIEW6] a view and its changes make the next one, for any ledger, step by step and in one', () => {
  const cuts = fc.array(fc.nat(400), { minLength: 2, maxLength: 8 });
  fc.assert(
    fc.property(drawLedger(400), cuts, (ledger, counts) => {
      const shown = shownAfter(ledger, counts);
      const [first, last] = [shown[0] ?? emptyView(), shown.at(-1) ?? emptyView()];
      let view = first;
      for (const next of shown) {
        const before = overTheWire(view);
        const changes = viewChangesSchema.parse(overTheWire(viewChanges(view, next)));
        const made = applyChanges(view, changes);
        expect(view).toEqual(before);
        expect(made).toEqual(next);
        view = made;
      }
      expect(applyChanges(first, viewChanges(overTheWire(first), last))).toEqual(last);
    }),
    { numRuns },
  );
});

test('[VIEW6] nothing changed makes no changes, though every object is another one', () => {
  fc.assert(
    fc.property(drawLedger(120), ledger => {
      const [view = emptyView()] = shownAfter(ledger, [ledger.length]);
      const { fields, ...lists } = viewChanges(overTheWire(view), view);
      expect(fields).toEqual({});
      expect(lists).toEqual({
        seq: view.seq,
        volunteers: [],
        unlisted: [],
        rounds: [],
        leftOut: [],
        refusals: [],
      });
    }),
    { numRuns },
  );
});

test('[VIEW1] entry by entry, at once, or from a view that was kept in between comes to the same', () => {
  fc.assert(
    fc.property(drawLedger(200), fc.nat(200), (ledger, middle) => {
      const live = new LiveView();
      for (const entry of ledger.slice(0, middle)) live.apply(entry);
      const again = new LiveView(overTheWire({ ...live.whole(), listed: live.listed }));
      for (const entry of ledger.slice(middle)) {
        live.apply(entry);
        again.apply(entry);
      }
      expect(live.whole()).toEqual(ledger.reduce(applyEvent, emptyView()));
      expect(again.whole()).toEqual(live.whole());
      expect(again.shown()).toEqual(live.shown());
      expect(runViewSchema.parse(overTheWire(live.shown()))).toEqual(live.shown());
    }),
    { numRuns },
  );
});

test('[VIEW5] what is shown is bounded and true, and its sums count those who are not listed', () => {
  fc.assert(
    fc.property(drawLedger(900), ledger => {
      const live = new LiveView();
      for (const entry of ledger) live.apply(entry);
      const [whole, shown] = [live.whole(), live.shown()];
      const listed = Object.values(shown.volunteers);
      expect(listed.length).toBe(Math.min(60, Object.keys(whole.volunteers).length));
      for (const volunteer of listed) expect(volunteer).toEqual(whole.volunteers[volunteer.volunteer]);
      expect(shown.rounds.length).toBeLessThanOrEqual(200);
      expect(shown.rounds.slice(-100)).toEqual(whole.rounds.slice(-100));
      expect(whole.rounds).toEqual(expect.arrayContaining(shown.rounds));
      const atWork = Object.values(whole.volunteers).flatMap(({ role }) => role ?? []);
      const counts = Object.groupBy(atWork, role => role);
      expect(shown.atWork).toEqual(
        Object.fromEntries(Object.entries(counts).map(([role, of]) => [role, of?.length])),
      );
    }),
    { numRuns },
  );
});
