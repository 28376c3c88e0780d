import { describe, expect, it } from 'vitest';
import type { EventBody } from '../../../shared/protocol/events.ts';
import { checkOutcome, defenceOf } from '../../../shared/view/defence.ts';
import { describeDefence, describeGap } from '../../../shared/view/describe-defence.ts';
import { LiveView } from '../../../shared/view/live-view.ts';
import { smallSpec } from '../federation/small-run.ts';

/** The view after these entries. */
function viewAfter(...events: EventBody[]) {
  const live = new LiveView();
  for (const [i, event] of events.entries()) live.apply({ seq: i + 1, at: i, event });
  return live.shown();
}

const joined = (volunteer: string, referee = false): EventBody => ({
  ...{ type: 'volunteer-joined', volunteer, name: volunteer, backend: 'wasm', referee },
});
const checking = (turn: number): EventBody => ({ type: 'version-checking', version: 1, turn });
const refused: EventBody = {
  ...{
    type: 'update-refused',
    lease: 'leasemal',
    volunteer: 'malory',
    role: 'whole',
    reason: 'harmful',
    bytes: 0,
  },
};
const published = (told: object = {}): EventBody => ({
  ...{ type: 'version-published', version: 1, round: 1, updates: { whole: 3 }, segments: {} },
  ...told,
});
const check = { by: 'host00', before: 2, after: 1.5 };

describe('the view of checks', () => {
  it('[CHECK12] shows the candidate that is checked until its version is out', () => {
    expect(viewAfter(checking(1)).checking).toEqual({ version: 1, turn: 1 });
    expect(viewAfter(checking(1), checking(2)).checking).toEqual({ version: 1, turn: 2 });
    expect(viewAfter(checking(1), published({ check })).checking).toBeNull();
    const back: EventBody = { type: 'run-taken-back', from: 0, to: 0, round: 1, why: 'host' };
    expect(viewAfter(checking(1), back).checking).toBeNull();
    expect(viewAfter(checking(1), { type: 'run-finished', why: 'host' }).checking).toBeNull();
    expect(viewAfter(published()), 'a run that checks nothing says nothing of it').not.toHaveProperty(
      'checking',
    );
  });

  it('[CHECK12] counts what was refused as harmful, for the round and for its sender', () => {
    const view = viewAfter(joined('malory'), checking(1), refused, checking(2), published({ check }));
    expect(view.volunteers.malory).toMatchObject({ harmful: 1, refused: 1 });
    expect(view.rounds).toMatchObject([{ harmful: 1, check: { before: 2, after: 1.5 } }]);
    expect(view.rounds[0]?.check).not.toHaveProperty('by');
    expect(view.current.harmful).toBeUndefined();
  });

  it('[CHECK12] tells what became of each version', () => {
    const outcomeOf = (...events: EventBody[]) => viewAfter(...events).rounds.map(checkOutcome)[0];
    expect(outcomeOf(published())).toBeNull();
    expect(outcomeOf(published({ check: null }))).toBe('unchecked');
    expect(outcomeOf(published({ check }))).toBe('checked');
    expect(outcomeOf(refused, published({ check }))).toBe('mended');
    expect(outcomeOf(refused, published({ taken: false }))).toBe('nothing');
  });
});

describe('what defends a run', () => {
  const spec = smallSpec({ root: { parts: 1 } });
  const opened = (count: number): EventBody => ({ type: 'round-opened', round: 1, goals: { whole: count } });

  it('[CHECK12] is said plainly where a rule cannot: few updates of a role, and no referee', () => {
    const gapOf = (...events: EventBody[]) => {
      const { gap } = defenceOf(spec, viewAfter(...events));
      return gap && describeGap(gap);
    };
    expect(gapOf(opened(4))).toContain('A round has 4 updates of a role.');
    expect(gapOf(opened(1))).toContain('A round has 1 update of a role.');
    expect(gapOf(opened(5))).toBeNull();
    expect(gapOf(), 'nobody knows before the first round').toBeNull();
    const refereed = defenceOf(spec, viewAfter(joined('host00', true), opened(4)));
    expect(refereed).toMatchObject({ isChecked: true, gap: null });
    expect(refereed.facts).toEqual([{ is: 'checked' }]);
    expect(describeDefence({ is: 'checked' })).toContain('A referee measures each version');
  });

  it('[CHECK1] [CHECK12] says why nobody checks, and what helps', () => {
    const lineOf = (change: Parameters<typeof smallSpec>[0]) =>
      defenceOf(smallSpec(change), viewAfter()).facts.map(describeDefence)[0];
    expect(lineOf({ root: { parts: 1 } })).toContain('No referee is here');
    expect(lineOf({ root: { parts: 1 }, policy: { check: 'always' } })).toContain('Each version waits');
    expect(lineOf({ root: { parts: 1 }, policy: { check: 'off' } })).toContain('made without that');
    expect(lineOf({})).toContain('no data are held back');
  });

  it('[CHECK12] counts what was refused, and the rounds of which nothing was taken', () => {
    const view = viewAfter(joined('malory'), refused, published({ taken: false }));
    expect(defenceOf(spec, view).facts.slice(1).map(describeDefence)).toEqual([
      '1 update was refused since a version was worse with it.',
      'Nothing was taken of 1 round: the version was worse.',
    ]);
  });
});
